package io.arrowmill.wal;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Files of the default file system, and which names of directories a power failure could still take
 * away: those whose parent has not been synced since. Not for several threads.
 */
final class WatchedFiles {
  private final Set<Path> unsynced = new TreeSet<>();
  private final Provider provider = new Provider();
  private final FileSystem fileSystem = new Watched();
  private int syncsLeft = Integer.MAX_VALUE;

  /** The same path, watched. */
  Path watch(Path real) {
    return (Path)
        Proxy.newProxyInstance(
            Path.class.getClassLoader(),
            new Class<?>[] {Path.class},
            (proxy, method, arguments) -> call(real, method, arguments));
  }

  /** Directories that a power failure could take away. */
  Set<Path> unsynced() {
    return unsynced;
  }

  /** From now on only so many syncs are done; then the process dies. */
  void dieAfterSyncs(int count) {
    syncsLeft = count;
  }

  private @Nullable Object call(Path real, Method method, @Nullable Object @Nullable [] arguments)
      throws Throwable {
    if (method.getName().equals("getFileSystem")) {
      return fileSystem;
    }
    @Nullable Object[] given = arguments == null ? new Object[0] : arguments.clone();
    for (int i = 0; i < given.length; i++) {
      given[i] = given[i] instanceof Path path ? real(path) : given[i];
    }
    try {
      Object result = method.invoke(real, given);
      return result instanceof Path path ? watch(path) : result;
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  /** The path of the default file system. */
  private static Path real(Path path) {
    return Proxy.isProxyClass(path.getClass()) ? Path.of(path.toString()) : path;
  }

  private static UnsupportedOperationException unused() {
    return new UnsupportedOperationException("not needed by what is tested");
  }

  private final class Watched extends FileSystem {
    @Override
    public FileSystemProvider provider() {
      return provider;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public boolean isReadOnly() {
      return false;
    }

    @Override
    public String getSeparator() {
      return "/";
    }

    @Override
    public void close() {
      throw unused();
    }

    @Override
    public Iterable<Path> getRootDirectories() {
      throw unused();
    }

    @Override
    public Iterable<FileStore> getFileStores() {
      throw unused();
    }

    @Override
    public Set<String> supportedFileAttributeViews() {
      throw unused();
    }

    @Override
    public Path getPath(String first, String... more) {
      throw unused();
    }

    @Override
    public PathMatcher getPathMatcher(String pattern) {
      throw unused();
    }

    @Override
    public UserPrincipalLookupService getUserPrincipalLookupService() {
      throw unused();
    }

    @Override
    public WatchService newWatchService() {
      throw unused();
    }
  }

  private final class Provider extends FileSystemProvider {
    @Override
    public void createDirectory(Path directory, FileAttribute<?>... attributes) throws IOException {
      Files.createDirectory(real(directory), attributes);
      unsynced.add(real(directory));
    }

    @Override
    public FileChannel newFileChannel(
        Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
        throws IOException {
      if (Files.isDirectory(real(path))) { // directories are opened to be synced
        if (syncsLeft-- == 0) {
          throw new IOException("died");
        }
        unsynced.removeIf(made -> real(path).equals(made.getParent()));
      }
      return FileChannel.open(real(path), options, attributes);
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(
        Path directory, DirectoryStream.Filter<? super Path> filter) throws IOException {
      List<Path> children = new ArrayList<>();
      try (DirectoryStream<Path> found = Files.newDirectoryStream(real(directory))) {
        for (Path child : found) {
          if (filter.accept(child)) {
            children.add(watch(child));
          }
        }
      }
      return new DirectoryStream<>() {
        @Override
        public Iterator<Path> iterator() {
          return children.iterator();
        }

        @Override
        public void close() {}
      };
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(
        Path path, Class<A> type, LinkOption... options) throws IOException {
      return Files.readAttributes(real(path), type, options);
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String names, LinkOption... options)
        throws IOException {
      return Files.readAttributes(real(path), names, options);
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
      real(path).getFileSystem().provider().checkAccess(real(path), modes);
    }

    @Override
    public void delete(Path path) throws IOException {
      Files.delete(real(path));
    }

    @Override
    public boolean isSameFile(Path path, Path other) throws IOException {
      return Files.isSameFile(real(path), real(other));
    }

    @Override
    public String getScheme() {
      return "watched";
    }

    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> options) {
      throw unused();
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
      return fileSystem;
    }

    @Override
    public Path getPath(URI uri) {
      throw unused();
    }

    @Override
    public SeekableByteChannel newByteChannel(
        Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
        throws IOException {
      return Files.newByteChannel(real(path), options, attributes);
    }

    @Override
    public void copy(Path from, Path to, CopyOption... options) {
      throw unused();
    }

    @Override
    public void move(Path from, Path to, CopyOption... options) throws IOException {
      Files.move(real(from), real(to), options);
    }

    @Override
    public boolean isHidden(Path path) {
      return false;
    }

    @Override
    public FileStore getFileStore(Path path) throws IOException {
      return Files.getFileStore(real(path));
    }

    @Override
    public <V extends FileAttributeView> @Nullable V getFileAttributeView(
        Path path, Class<V> type, LinkOption... options) {
      return Files.getFileAttributeView(real(path), type, options);
    }

    @Override
    public void setAttribute(Path path, String name, Object value, LinkOption... options) {
      throw unused();
    }
  }
}
