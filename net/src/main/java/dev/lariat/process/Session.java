package dev.lariat.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Starts a child in a session of its own. The JDK cannot, so the program {@code setsid} is put
 * before it: that makes a session of itself, and then becomes the program, which has the process id
 * that the JDK knows.
 *
 * <p>What cannot be started is looked for beforehand, for {@code setsid} would tell nobody but the
 * standard error. And it is told the program's path, because it would search the child's PATH, and
 * the JDK searches this process's.
 *
 * <p>All in a thread that may block.
 */
final class Session {
  private static final long POLL_NANOS = 200_000;

  private Session() {}

  /** Has what {@code builder} starts be in a new session. */
  static void prepare(ProcessBuilder builder) throws IOException {
    List<String> command = builder.command();
    Path program = find(command.getFirst(), builder.directory());
    if (program == null) {
      throw new IOException(
          "Cannot run program \""
              + command.getFirst()
              + "\": no such file, or not one that can be executed");
    }
    Path setsid = find("setsid", builder.directory());
    if (setsid == null) {
      throw new UnsupportedOperationException(
          "A child is started in a new session by the program setsid, of util-linux, which is not"
              + " on the PATH here.");
    }
    List<String> all = new ArrayList<>(List.of(setsid.toString(), "--", program.toString()));
    all.addAll(command.subList(1, command.size()));
    builder.command(all);
  }

  /** Looks where the JDK will: on this process's PATH, from the child's directory. */
  private static @Nullable Path find(String program, @Nullable File directory) {
    Path start = (directory == null ? Path.of("") : directory.toPath()).toAbsolutePath();
    String path = program.contains("/") ? "" : System.getenv().getOrDefault("PATH", "");
    for (String element : path.split(":", -1)) {
      Path candidate = start.resolve(element).resolve(program);
      if (Files.isExecutable(candidate) && !Files.isDirectory(candidate)) {
        return candidate;
      }
    }
    return null;
  }

  /**
   * Waits until the child has its session, where /proc tells: whoever is given the child may signal
   * its group.
   */
  static void await(java.lang.Process child) {
    Path stat = Path.of("/proc", Long.toString(child.pid()), "stat");
    String pid = Long.toString(child.pid());
    while (Files.exists(stat) && child.isAlive() && !pid.equals(leader(stat))) {
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  /** The field "session", after the name in parentheses, the state, the parent and the group. */
  private static @Nullable String leader(Path stat) {
    try {
      String text = Files.readString(stat);
      return text.substring(text.lastIndexOf(')') + 2).split(" ")[3];
    } catch (IOException gone) {
      return null;
    }
  }
}
