package dev.lariat.testkit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

@DisplayName("What a test needs")
class NeedsTest {
  private static void isRefused(ThrowingCallable check, String reason) {
    boolean ci = System.getenv("CI") != null;
    assertThatThrownBy(check)
        .isInstanceOf(ci ? AssertionFailedError.class : TestAbortedException.class)
        .hasMessageContaining(reason);
  }

  @Test
  @DisplayName("what is there is nobody's business")
  void there() {
    Needs.check(true, "never said");
    Needs.library("libc.so.6", "nothing");
    Needs.program("sh", "nothing");
  }

  @Test
  @DisplayName("what is missing skips the test with a reason; in continuous integration it fails")
  void missing() {
    isRefused(() -> Needs.check(false, "no display"), "no display");
    isRefused(
        () -> Needs.library("libNone.so.0", "apt-get install none"),
        "There is no libNone.so.0 here. Install it with apt-get install none.");
    isRefused(() -> Needs.program("no-such-program", "make"), "There is no no-such-program here.");
  }
}
