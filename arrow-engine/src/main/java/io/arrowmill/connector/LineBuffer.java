package io.arrowmill.connector;

import io.arrowmill.ArrowmillException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lines that a thread of its own reads from a TCP server, held until they are released. When it
 * holds many, it stops reading until some are released, so that the server has to wait.
 *
 * <p>Lines are counted from 0. Threading: any thread may call any method.
 */
final class LineBuffer implements AutoCloseable {
  /** Characters held before reading stops; one more line is always taken. */
  static final long CHARS_MAX = 32L << 20;

  private static final int CONNECT_TIMEOUT_MILLIS = 10_000;
  private static final int JOIN_TIMEOUT_MILLIS = 5_000;

  private final String host;
  private final int port;
  private final Socket socket = new Socket();
  private final Thread reader;

  // Guarded by this.
  private final List<Line> held = new ArrayList<>();
  private long releasedCount;
  private long heldChars;
  private boolean closed;
  private @Nullable ArrowmillException failure;
  private @Nullable Runnable signal;

  private LineBuffer(String host, int port) {
    this.host = host;
    this.port = port;
    this.reader = new Thread(this::read, "arrowmill-socket-" + host + ":" + port);
    reader.setDaemon(true);
  }

  /** Starts connecting and reading; returns at once. */
  static LineBuffer connect(String host, int port) {
    LineBuffer buffer = new LineBuffer(host, port);
    buffer.reader.start();
    return buffer;
  }

  /** A line without its line feed, and when it came. */
  record Line(String text, Instant arrival) {}

  /** {@code host:port}. */
  String address() {
    return host + ":" + port;
  }

  /** How many lines came so far. */
  synchronized long count() {
    return releasedCount + held.size();
  }

  /** Why no more lines will come; null while they may. */
  synchronized @Nullable ArrowmillException failure() {
    return failure;
  }

  /**
   * The lines from {@code start} up to {@code end}, counted from the first of all.
   *
   * @throws ArrowmillException if they are not all held
   */
  synchronized List<Line> lines(long start, long end) {
    if (start < releasedCount || end > count() || start > end) {
      throw new ArrowmillException(
          "OFFSET_OUT_OF_RANGE",
          "a socket must still hold the lines that are asked for: address="
              + address()
              + ", asked=("
              + start
              + ", "
              + end
              + "], held=("
              + releasedCount
              + ", "
              + count()
              + "]; what a socket sent can't be read again: start with a new checkpoint");
    }
    return List.copyOf(held.subList((int) (start - releasedCount), (int) (end - releasedCount)));
  }

  /** Forgets the lines before {@code end}. */
  synchronized void release(long end) {
    List<Line> done = held.subList(0, Math.clamp(end - releasedCount, 0, held.size()));
    releasedCount += done.size();
    heldChars -= done.stream().mapToLong(line -> line.text.length() + 1L).sum();
    done.clear();
    notifyAll();
  }

  /** Registers what to run when a line or the end came. */
  synchronized void onArrival(Runnable arrived) {
    signal = arrived;
  }

  /** Disconnects and waits until the reading thread has ended. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      signal = null;
      notifyAll();
    }
    try {
      socket.close();
      reader.join(JOIN_TIMEOUT_MILLIS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void read() {
    String what = "must accept a connection";
    try {
      socket.connect(new InetSocketAddress(host, port), CONNECT_TIMEOUT_MILLIS);
      what = "must stay connected";
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      String text = in.readLine();
      while (text != null && add(text)) {
        text = in.readLine();
      }
      fail("SOCKET_CLOSED", "must keep its connection open: the server closed it", null);
    } catch (IOException | RuntimeException e) {
      fail("SOCKET_FAILED", what, e);
    }
  }

  private boolean add(String text) {
    Runnable arrived;
    synchronized (this) {
      while (heldChars >= CHARS_MAX && !closed) {
        try {
          wait();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return false;
        }
      }
      if (closed) {
        return false;
      }
      held.add(new Line(text, Instant.now()));
      heldChars += text.length() + 1;
      arrived = signal;
    }
    run(arrived);
    return true;
  }

  private void fail(String condition, String what, @Nullable Exception cause) {
    Runnable arrived;
    synchronized (this) {
      if (closed) {
        return;
      }
      failure =
          new ArrowmillException(
              condition,
              "the server of a socket source "
                  + what
                  + ": host="
                  + host
                  + ", port="
                  + port
                  + (cause == null ? "" : ", error=" + cause.getMessage())
                  + "; start a server there, then the query again",
              cause);
      arrived = signal;
    }
    run(arrived);
  }

  private static void run(@Nullable Runnable arrived) {
    if (arrived != null) {
      arrived.run();
    }
  }
}
