package dev.lariat.process;

import static dev.lariat.process.Subprocess.createSubprocessExec;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lariat.net.NetTest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What tests of children need. A test fails, too, if children are left. */
@DisabledOnOs(OS.WINDOWS) // the programs are Unix's
abstract class ChildrenTest extends NetTest {
  static final SubprocessOptions OUTPUT = SubprocessOptions.DEFAULT.withStdout(Stdio.PIPE);
  static final Duration TICK = Duration.ofMillis(10);

  @TempDir Path directory;

  static boolean polled() {
    return !PumpThreads.areUsed();
  }

  @AfterEach
  void noChildren() throws InterruptedException {
    for (int i = 0; ProcessHandle.current().children().findAny().isPresent(); i++) {
      assertThat(i).as("children that are left").isLessThan(400);
      Thread.sleep(5); // real time: until those are gone that were just killed
    }
  }

  static Process sleeper(SubprocessOptions options) throws IOException {
    return createSubprocessExec(options, "sleep", "300");
  }

  static Process sleeper() throws IOException {
    return sleeper(SubprocessOptions.DEFAULT);
  }

  static byte[] random(int size) {
    byte[] data = new byte[size];
    new Random(1).nextBytes(data);
    return data;
  }

  @Override
  public String toString() {
    return getClass().getSimpleName() + " " + kind;
  }
}
