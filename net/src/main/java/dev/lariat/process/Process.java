package dev.lariat.process;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.gather;

import dev.lariat.CancelledError;
import dev.lariat.Task;
import dev.lariat.net.StreamReader;
import dev.lariat.net.StreamWriter;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * A child, as a task deals with it. Models {@code asyncio.subprocess.Process}.
 *
 * <p><i>Thread</i>: the loop's.
 */
public final class Process implements AutoCloseable {
  private static final byte[] NOTHING = {};

  private final Child child;
  private final StreamsProtocol streams;

  Process(Child child, StreamsProtocol streams) {
    this.child = child;
    this.streams = streams;
  }

  /** {@return the process id; models {@code pid}} */
  public long pid() {
    return child.getPid();
  }

  /**
   * {@return how the child ended, as {@link SubprocessTransport#getReturncode}; null while it runs;
   * models {@code returncode}}
   */
  public @Nullable Integer returncode() {
    return child.getReturncode();
  }

  /**
   * {@return writes to the child's standard input; models {@code stdin}}
   *
   * @throws IllegalStateException if that is no pipe
   */
  public StreamWriter stdin() {
    return piped(streams.stdin(), "stdin", "withStdin");
  }

  /**
   * {@return reads what the child writes to its standard output; models {@code stdout}}
   *
   * @throws IllegalStateException if that is no pipe
   */
  public StreamReader stdout() {
    return piped(streams.stdout(), "stdout", "withStdout");
  }

  /**
   * {@return reads what the child writes to its standard error; models {@code stderr}}
   *
   * @throws IllegalStateException if that is no pipe
   */
  public StreamReader stderr() {
    return piped(streams.stderr(), "stderr", "withStderr");
  }

  private static <T> T piped(@Nullable T stream, String name, String option) {
    if (stream == null) {
      throw new IllegalStateException(
          name + " of this child is no pipe: start it with options." + option + "(Stdio.PIPE)");
    }
    return stream;
  }

  /**
   * Waits until the child has ended, even if others that it started go on and have its pipes. Any
   * number of tasks may wait. Models {@code wait}, a name that {@code Object} has taken.
   *
   * <p>A child that writes more than a pipe holds, and is not read, does not end: use {@link
   * #communicate()} for that. <i>Suspends</i>: maybe. <i>Cancellable</i>: yes; the child goes on.
   *
   * @return its exit status, as {@link #returncode}
   */
  public int await() {
    return child.awaitExit();
  }

  /**
   * Reads what the child writes until it has ended, and gives it no input. Models {@code
   * communicate()}.
   *
   * <p><i>Suspends</i>: always. <i>Cancellable</i>: yes; the child goes on, and nothing that it
   * wrote is lost.
   *
   * @return what it wrote
   * @throws IOException if a pipe broke
   */
  public Output communicate() throws IOException {
    return communicate(NOTHING);
  }

  /**
   * Writes to the child, closes its input, and reads what it writes, all at the same time, until it
   * has ended. Models {@code communicate(input)}.
   *
   * <p>A child that does not want all of the input is no error. <i>Suspends</i>: always.
   * <i>Cancellable</i>: yes; the child goes on, and nothing that it wrote is lost.
   *
   * @param input for its standard input
   * @return what it wrote
   * @throws IOException if a pipe that is read broke
   * @throws IllegalStateException if there is input, and the standard input is no pipe
   */
  public Output communicate(byte[] input) throws IOException {
    if (input.length > 0) {
      var _ = stdin();
    }
    Task<byte[]> feeding = createTask(() -> feed(input));
    Task<byte[]> out = createTask(() -> readAll(streams.stdout()));
    Task<byte[]> err = createTask(() -> readAll(streams.stderr()));
    try {
      gather(List.of(feeding, out, err)).await();
      await();
      return new Output(out.result(), err.result());
    } catch (CancelledError cancelled) {
      unread(streams.stdout(), out);
      unread(streams.stderr(), err);
      throw cancelled;
    } catch (CompletionException error) {
      if (error.getCause() instanceof IOException cause) {
        throw cause;
      }
      throw error;
    }
  }

  private byte[] feed(byte[] input) {
    StreamWriter writer = streams.stdin();
    if (writer != null) {
      try {
        writer.write(input);
        writer.drain();
      } catch (IOException childHasEnough) {
        // it may have ended, too
      }
      writer.close();
    }
    return NOTHING;
  }

  /** One of the pipes may have ended before; a read that was cancelled has taken nothing out. */
  private static void unread(@Nullable StreamReader reader, Task<byte[]> read) {
    if (reader != null && !read.cancelled() && read.exception() == null) {
      reader.unread(read.result());
    }
  }

  private static byte[] readAll(@Nullable StreamReader reader) throws IOException {
    return reader == null ? NOTHING : reader.read();
  }

  /**
   * Sends the child a signal; does nothing if it has ended. Models {@code send_signal}.
   *
   * @param signal the name, as {@code "INT"}
   * @throws IllegalArgumentException if there is no such signal here
   */
  public void sendSignal(String signal) {
    child.sendSignal(signal);
  }

  /** Asks the child to end: SIGTERM. Does nothing if it has ended. Models {@code terminate}. */
  public void terminate() {
    child.terminate();
  }

  /** Ends the child: SIGKILL. Does nothing if it has ended. Models {@code kill}. */
  public void kill() {
    child.kill();
  }

  /**
   * Closes the pipes, and kills the child if it is running: at the end of a {@code try} statement.
   *
   * <p><i>Suspends</i>: never; {@link #await} waits for the end.
   */
  @Override
  public void close() {
    child.close();
  }

  @Override
  public String toString() {
    return child.toString();
  }
}
