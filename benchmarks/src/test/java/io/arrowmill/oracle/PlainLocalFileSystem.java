package io.arrowmill.oracle;

import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;

/**
 * Local files without permissions and checksums. Hadoop starts a process for each file that it
 * gives permissions, and a micro-batch of a join writes dozens of files.
 */
public final class PlainLocalFileSystem extends LocalFileSystem {

  /** A file system as Hadoop makes them, by name. */
  public PlainLocalFileSystem() {
    super(new Raw());
    setWriteChecksum(false);
    setVerifyChecksum(false);
  }

  @Override
  public void setPermission(Path path, FsPermission permission) {
    // The files live as long as a test.
  }

  private static final class Raw extends RawLocalFileSystem {
    @Override
    public void setPermission(Path path, FsPermission permission) {
      // The files live as long as a test.
    }
  }
}
