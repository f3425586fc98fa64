package io.arrowmill.wal;

/** Another query, here or in another process, has the checkpoint open. */
public final class CheckpointInUseException extends WalException {

  private static final long serialVersionUID = 1L;

  CheckpointInUseException(String message) {
    super("CHECKPOINT_IN_USE", message, null);
  }
}
