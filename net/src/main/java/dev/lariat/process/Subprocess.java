package dev.lariat.process;

import dev.lariat.Asyncio;
import dev.lariat.CancelledError;
import dev.lariat.EventLoop;
import dev.lariat.Future;
import dev.lariat.net.Endpoint;
import dev.lariat.net.internal.Loading;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Starts other programs. Models {@code asyncio.subprocess}.
 *
 * <p>Starting takes the operating system milliseconds; another thread does it, and the loop goes
 * on. A child that is still running when its loop is closed is killed, with a warning. A virtual
 * clock stands while a child runs.
 */
public final class Subprocess {
  static final boolean WINDOWS = System.getProperty("os.name").startsWith("Windows");

  private Subprocess() {}

  /**
   * Starts a program that has this process's input, output and error. Models {@code
   * asyncio.create_subprocess_exec}.
   *
   * <p><i>Suspends</i>: always. <i>Cancellable</i>: yes; then no child is left.
   *
   * @param program a path, or a name that is looked for along the PATH
   * @param args its arguments
   * @return the child
   * @throws IOException if it cannot be started
   */
  public static Process createSubprocessExec(String program, String... args) throws IOException {
    return createSubprocessExec(SubprocessOptions.DEFAULT, program, args);
  }

  /**
   * Starts a program, with pipes for example.
   *
   * <p><i>Suspends</i>: always. <i>Cancellable</i>: yes; then no child is left.
   *
   * @param options how
   * @param program a path, or a name that is looked for along the PATH
   * @param args its arguments
   * @return the child
   * @throws IOException if it cannot be started
   */
  public static Process createSubprocessExec(
      SubprocessOptions options, String program, String... args) throws IOException {
    return process(options, command(program, args));
  }

  /**
   * Has the shell run a command. Models {@code asyncio.create_subprocess_shell}.
   *
   * <p>Whatever is put into the command must be quoted for the shell. <i>Suspends</i>: always.
   * <i>Cancellable</i>: yes; then no child is left.
   *
   * @param options how
   * @param command for {@code /bin/sh}, or {@code cmd.exe} on Windows
   * @return the shell
   * @throws IOException if it cannot be started
   */
  public static Process createSubprocessShell(SubprocessOptions options, String command)
      throws IOException {
    return process(options, shell(command));
  }

  /**
   * Starts a program and tells a protocol of it. Models {@code loop.subprocess_exec}.
   *
   * <p><i>Suspends</i>: always. <i>Cancellable</i>: yes; then no child is left.
   *
   * @param <P> the type of the protocol
   * @param factory makes the protocol
   * @param options how
   * @param program a path, or a name that is looked for along the PATH
   * @param args its arguments
   * @return the transport and the protocol
   * @throws IOException if it cannot be started
   */
  public static <P extends SubprocessProtocol> Endpoint<SubprocessTransport, P> subprocessExec(
      Supplier<? extends P> factory, SubprocessOptions options, String program, String... args)
      throws IOException {
    return endpoint(factory, options, command(program, args));
  }

  /**
   * Has the shell run a command and tells a protocol of it. Models {@code loop.subprocess_shell}.
   *
   * <p><i>Suspends</i>: always. <i>Cancellable</i>: yes; then no child is left.
   *
   * @param <P> the type of the protocol
   * @param factory makes the protocol
   * @param options how
   * @param command for {@code /bin/sh}, or {@code cmd.exe} on Windows
   * @return the transport and the protocol
   * @throws IOException if it cannot be started
   */
  public static <P extends SubprocessProtocol> Endpoint<SubprocessTransport, P> subprocessShell(
      Supplier<? extends P> factory, SubprocessOptions options, String command) throws IOException {
    return endpoint(factory, options, shell(command));
  }

  private static List<String> command(String program, String... args) {
    List<String> command = new ArrayList<>(args.length + 1);
    command.add(Objects.requireNonNull(program, "program"));
    for (String arg : args) {
      command.add(Objects.requireNonNull(arg, "args"));
    }
    return command;
  }

  private static List<String> shell(String command) {
    Objects.requireNonNull(command, "command");
    return WINDOWS ? List.of("cmd.exe", "/c", command) : List.of("/bin/sh", "-c", command);
  }

  private static Process process(SubprocessOptions options, List<String> command)
      throws IOException {
    loadPipes(options);
    StreamsProtocol streams = new StreamsProtocol(options);
    return new Process(start(streams, options, command), streams);
  }

  private static <P extends SubprocessProtocol> Endpoint<SubprocessTransport, P> endpoint(
      Supplier<? extends P> factory, SubprocessOptions options, List<String> command)
      throws IOException {
    loadPipes(options);
    P protocol = Objects.requireNonNull(factory.get(), "the protocol");
    return new Endpoint<>(start(protocol, options, command), protocol);
  }

  private static void loadPipes(SubprocessOptions options) {
    if (Spawn.wantsPolling(options)) {
      Loading.await(Asyncio.getRunningLoop());
    }
  }

  private static Child start(
      SubprocessProtocol protocol, SubprocessOptions options, List<String> command)
      throws IOException {
    EventLoop loop = Asyncio.getRunningLoop();
    Child child = new Child(loop, spawn(loop, options, command), protocol);
    Future<@Nullable Void> opened = loop.createFuture();
    child.open(opened);
    try {
      opened.await();
      return child;
    } catch (Throwable cancelled) {
      child.close();
      if (!loop.isClosed()) {
        child.awaitExit();
      }
      throw cancelled;
    }
  }

  private static Spawn.Spawned spawn(
      EventLoop loop, SubprocessOptions options, List<String> command) throws IOException {
    Spawn spawn = new Spawn(loop, command, options);
    Future<Spawn.Spawned> spawning = loop.runInExecutor(Pump.THREADS, spawn::start);
    Spawn.Spawned spawned = null;
    try {
      Asyncio.wait(List.of(spawning)); // cancelled, it leaves the future alone
      spawned = spawning.await();
      return spawned;
    } catch (CancelledError cancelled) {
      spawn.abandon();
      Asyncio.wait(List.of(spawning)); // milliseconds
      var _ = spawning.exception(); // that it was abandoned
      Asyncio.wait(List.of(loop.runInExecutor(Pump.THREADS, spawn::awaitEnd)));
      throw cancelled;
    } catch (CompletionException error) {
      if (error.getCause() instanceof IOException cause) {
        throw cause;
      }
      throw error;
    } finally {
      if (spawned == null) {
        spawn.abandon(); // also if the loop is closed meanwhile
      }
    }
  }
}
