package io.arrowmill.state;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** A channel that its writer must not close. */
public record SharedChannel(WritableByteChannel channel) implements WritableByteChannel {
  @Override
  public int write(ByteBuffer source) throws IOException {
    return channel.write(source);
  }

  @Override
  public boolean isOpen() {
    return channel.isOpen();
  }

  @Override
  public void close() {
    // The caller's channel stays open.
  }
}
