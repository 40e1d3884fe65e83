package dev.lariat.acceptance.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lariat.acceptance.ChildJvm;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** RUN-8 and RUN-9: what Ctrl-C does to a program; each test is a process of its own. */
@DisabledOnOs(OS.WINDOWS) // there is no kill
@Timeout(60)
class CtrlCTest {
  /** What the JVM exits with when its own handler gets the signal: 128 + SIGINT. */
  private static final int ENDED_BY_SIGINT = 130;

  private static ChildJvm start(String program, String... options) {
    return new ChildJvm(CtrlCPrograms.class, List.of(options), program);
  }

  /** Starts {@code program}, sends Ctrl-C when it is ready, and returns what it printed then. */
  private static List<String> interrupted(String program, int exitValue) throws Exception {
    try (ChildJvm child = start(program)) {
      child.awaitLine("ready");
      child.interrupt();
      List<String> output = child.rest();
      assertThat(child.exitValue()).as("exit value, output %s", output).isEqualTo(exitValue);
      return output;
    }
  }

  @Test
  @DisplayName(
      "RUN-8 Ctrl-C wakes an idle loop, cancels main and what is left, and KeyboardInterrupt is thrown")
  void cancelsMain() throws Exception {
    assertThat(interrupted("waiting", 0))
        .containsExactly("finally", "other finally", "KeyboardInterrupt", "end", "shutdown hook");
  }

  @Test
  @DisplayName("RUN-8 Ctrl-C cancels a main that never lets the loop be idle")
  void cancelsSpinningMain() throws Exception {
    assertThat(interrupted("spinning", 0))
        .containsExactly("finally", "KeyboardInterrupt", "end", "shutdown hook");
  }

  @Test
  @DisplayName(
      "RUN-8 a KeyboardInterrupt that nobody catches ends the process, with an error and after finally")
  void uncaught() throws Exception {
    List<String> output = interrupted("uncaught", 1);
    assertThat(output).startsWith("finally").doesNotContain("end").endsWith("shutdown hook");
    assertThat(output).anyMatch(line -> line.contains("KeyboardInterrupt"));
  }

  @Test
  @DisplayName("RUN-8 a main that was cancelled by others too ends with CancelledError")
  void interruptAndCancel() throws Exception {
    assertThat(interrupted("cancelled", 0))
        .containsExactly("cancelled", "cancelled", "CancelledError", "end", "shutdown hook");
  }

  @Test
  @DisplayName(
      "RUN-8 a second Ctrl-C throws KeyboardInterrupt at once; main is cancelled at closing")
  void secondInterrupt() throws Exception {
    try (ChildJvm child = start("stubborn")) {
      child.awaitLine("ready");
      child.interrupt();
      child.awaitLine("ready");
      child.interrupt();
      assertThat(child.rest())
          .containsExactly("finally", "KeyboardInterrupt", "end", "shutdown hook");
      assertThat(child.exitValue()).isZero();
    }
  }

  @Test
  @DisplayName(
      "RUN-8 Ctrl-C interrupts a thread that blocks, and ends a process that will not listen")
  void blockedThread() throws Exception {
    try (ChildJvm child = start("blocked")) {
      child.awaitLine("ready");
      child.interrupt(); // does nothing yet: the loop's thread is not there to be told
      Thread.sleep(300); // real time: two signals at once would be one
      child.interrupt();
      child.awaitLine("interrupted");
      child.interrupt();
      assertThat(child.rest()).containsExactly("shutdown hook");
      assertThat(child.exitValue()).isEqualTo(ENDED_BY_SIGINT);
    }
  }

  @Test
  @DisplayName("RUN-8 the handler is given back: after the run Ctrl-C ends the process as usual")
  void handlerIsRestored() throws Exception {
    assertThat(interrupted("afterwards", ENDED_BY_SIGINT)).containsExactly("shutdown hook");
  }

  @Test
  @DisplayName("RUN-8 each run of a runner has its own first Ctrl-C")
  void eachRunCounts() throws Exception {
    try (ChildJvm child = start("twice")) {
      for (int i = 0; i < 2; i++) {
        child.awaitLine("ready");
        child.interrupt();
        child.awaitLine("finally");
        child.awaitLine("KeyboardInterrupt");
      }
      assertThat(child.rest()).containsExactly("third run", "end", "shutdown hook");
    }
  }

  @Test
  @DisplayName("RUN-8 outside the main thread Ctrl-C is left alone")
  void otherThread() throws Exception {
    assertThat(interrupted("other-thread", ENDED_BY_SIGINT)).containsExactly("shutdown hook");
  }

  @Test
  @DisplayName("RUN-8 a program's own handler keeps the signal")
  void ownHandler() throws Exception {
    assertThat(interrupted("own-handler", 0))
        .containsExactly("own handler", "returned", "end", "shutdown hook");
  }

  @Test
  @DisplayName("RUN-8 run works where signals cannot be handled (-Xrs)")
  void withoutSignals() throws Exception {
    try (ChildJvm child = start("plain", "-Xrs")) {
      assertThat(child.rest()).containsExactly("value", "end", "shutdown hook");
      assertThat(child.exitValue()).isZero();
    }
  }

  @Test
  @DisplayName(
      "RUN-9 a main that swallows the cancellation returns its value; no KeyboardInterrupt")
  void swallowed() throws Exception {
    assertThat(interrupted("swallowed", 0))
        .containsExactly("finally", "cancelling 1", "returned", "end", "shutdown hook");
  }

  @Test
  @DisplayName("RUN-9 a main that answers the cancellation with another exception fails with that")
  void otherException() throws Exception {
    assertThat(interrupted("failing", 0))
        .containsExactly(
            "finally", "java.lang.IllegalStateException: other exception", "end", "shutdown hook");
  }
}
