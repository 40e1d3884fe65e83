package dev.lariat.process;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The same where the poller has no pipes. */
class PumpsTest extends SubprocessTest {
  private static final String PROPERTY = "lariat.process.pipes";

  @Override
  boolean polled() {
    return false;
  }

  @BeforeEach
  void useThreads() {
    System.setProperty(PROPERTY, "threads");
  }

  @AfterEach
  void usePoller() {
    System.clearProperty(PROPERTY);
  }
}
