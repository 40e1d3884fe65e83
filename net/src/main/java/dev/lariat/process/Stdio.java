package dev.lariat.process;

import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a child's standard input, output or error is connected to. */
public final class Stdio {
  /** This process's own. */
  public static final Stdio INHERIT = new Stdio("INHERIT", Redirect.INHERIT);

  /** A pipe to this process. Models {@code asyncio.subprocess.PIPE}. */
  public static final Stdio PIPE = new Stdio("PIPE", Redirect.PIPE);

  /** Nothing: empty input, dropped output. Models {@code asyncio.subprocess.DEVNULL}. */
  public static final Stdio DEVNULL = new Stdio("DEVNULL", null);

  /**
   * For the standard error: where the standard output goes. Models {@code
   * asyncio.subprocess.STDOUT}.
   */
  public static final Stdio STDOUT = new Stdio("STDOUT", null);

  private final String name;
  private final @Nullable Redirect redirect;

  private Stdio(String name, @Nullable Redirect redirect) {
    this.name = name;
    this.redirect = redirect;
  }

  /**
   * A file: read as input; written from its beginning as output.
   *
   * @param path the file
   * @return the connection
   */
  public static Stdio file(Path path) {
    return new Stdio(path.toString(), null);
  }

  /**
   * Whatever the JDK can redirect to, such as appending to a file. The place of asyncio's file
   * descriptors.
   *
   * @param redirect where to; not {@code PIPE}
   * @return the connection
   */
  public static Stdio of(Redirect redirect) {
    if (Objects.requireNonNull(redirect, "redirect") == Redirect.PIPE) {
      return PIPE;
    }
    return new Stdio(redirect.toString(), redirect);
  }

  Redirect input() {
    return redirect != null
        ? redirect
        : Redirect.from(new java.io.File(this == DEVNULL ? nullDevice() : name));
  }

  Redirect output() {
    return redirect != null
        ? redirect
        : this == DEVNULL ? Redirect.DISCARD : Redirect.to(new java.io.File(name));
  }

  private static String nullDevice() {
    return Subprocess.WINDOWS ? "NUL" : "/dev/null";
  }

  @Override
  public String toString() {
    return name;
  }
}
