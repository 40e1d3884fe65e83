package dev.lariat.process;

import dev.lariat.net.StreamReader;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a child is started: the keyword arguments of {@code create_subprocess_exec}.
 *
 * <p>Text modes there are none: pipes carry bytes.
 *
 * @param stdin the child's standard input
 * @param stdout its standard output
 * @param stderr its standard error
 * @param environment all of its environment; null for a copy of this process's
 * @param directory where it starts; null for this process's own
 * @param limit of the readers: see {@link StreamReader}
 * @param startNewSession whether it leads a session, and a group of processes, of its own; see
 *     {@link #withStartNewSession}
 */
public record SubprocessOptions(
    Stdio stdin,
    Stdio stdout,
    Stdio stderr,
    @Nullable Map<String, String> environment,
    @Nullable Path directory,
    int limit,
    boolean startNewSession) {
  /** The defaults: everything is inherited. */
  public static final SubprocessOptions DEFAULT =
      new SubprocessOptions(
          Stdio.INHERIT,
          Stdio.INHERIT,
          Stdio.INHERIT,
          null,
          null,
          StreamReader.DEFAULT_LIMIT,
          false);

  /** Pipes for input, output and error. */
  public static final SubprocessOptions PIPES =
      DEFAULT.withStdin(Stdio.PIPE).withStdout(Stdio.PIPE).withStderr(Stdio.PIPE);

  /** Checks what can be checked. */
  public SubprocessOptions {
    if (limit <= 0) {
      throw new IllegalArgumentException("Limit cannot be <= 0: " + limit);
    }
    if (stdin == Stdio.STDOUT || stdout == Stdio.STDOUT) {
      throw new IllegalArgumentException("STDOUT can only be used for stderr");
    }
    if (environment != null) {
      environment = Map.copyOf(environment);
    }
  }

  /**
   * These options with another standard input.
   *
   * @param to what it is connected to
   * @return the options
   */
  public SubprocessOptions withStdin(Stdio to) {
    return new SubprocessOptions(
        to, stdout, stderr, environment, directory, limit, startNewSession);
  }

  /**
   * These options with another standard output.
   *
   * @param to what it is connected to
   * @return the options
   */
  public SubprocessOptions withStdout(Stdio to) {
    return new SubprocessOptions(stdin, to, stderr, environment, directory, limit, startNewSession);
  }

  /**
   * These options with another standard error.
   *
   * @param to what it is connected to
   * @return the options
   */
  public SubprocessOptions withStderr(Stdio to) {
    return new SubprocessOptions(stdin, stdout, to, environment, directory, limit, startNewSession);
  }

  /**
   * These options with another environment.
   *
   * @param all all of it; null for a copy of this process's
   * @return the options
   */
  public SubprocessOptions withEnvironment(@Nullable Map<String, String> all) {
    return new SubprocessOptions(stdin, stdout, stderr, all, directory, limit, startNewSession);
  }

  /**
   * These options with another directory.
   *
   * @param start where the child starts; null for this process's own
   * @return the options
   */
  public SubprocessOptions withDirectory(@Nullable Path start) {
    return new SubprocessOptions(stdin, stdout, stderr, environment, start, limit, startNewSession);
  }

  /**
   * These options with another limit of the readers.
   *
   * @param newLimit in bytes
   * @return the options
   */
  public SubprocessOptions withLimit(int newLimit) {
    return new SubprocessOptions(
        stdin, stdout, stderr, environment, directory, newLimit, startNewSession);
  }

  /**
   * These options with a session of the child's own, or not. Then Ctrl-C in this process's terminal
   * does not reach it, and its process id is that of a group as well, in which the programs are
   * that it starts.
   *
   * <p>The program {@code setsid}, of util-linux, starts it, where that is on the PATH; elsewhere
   * it is an {@link UnsupportedOperationException} to start one. The first argument that the child
   * sees is the full path of its program.
   *
   * @param start whether it has one
   * @return the options
   */
  public SubprocessOptions withStartNewSession(boolean start) {
    return new SubprocessOptions(stdin, stdout, stderr, environment, directory, limit, start);
  }
}
