package io.arrowmill.wal;

import java.nio.file.Path;
import java.util.Random;

/**
 * A process to be killed: {@code CHECKPOINT FIRST_BATCH SEED}. Writes a commit and a plan a batch,
 * syncs, and then says {@code synced <batch>} on its output; goes on until it dies.
 */
final class KilledWriter {

  private KilledWriter() {}

  public static void main(String[] args) {
    long batch = Long.parseLong(args[1]);
    Random random = new Random(Long.parseLong(args[2]));
    WriteAheadLog log = WriteAheadLog.open(Path.of(args[0]), Entries.IDENTITY);
    System.out.println("opened");
    while (true) {
      int byteCount = random.nextInt(8) == 0 ? random.nextInt(300_000) : random.nextInt(500);
      log.append(Entries.commit(batch, byteCount));
      log.append(Entries.plan(batch + 1));
      log.sync();
      System.out.println("synced " + batch);
      System.out.flush();
      batch++;
    }
  }
}
