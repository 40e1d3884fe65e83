package dev.lariat.acceptance.event;

import static dev.lariat.Asyncio.getRunningLoop;
import static dev.lariat.Asyncio.sleep;
import static dev.lariat.acceptance.several.Programs.reports;
import static dev.lariat.acceptance.several.Programs.run;
import static dev.lariat.acceptance.several.Programs.seconds;
import static dev.lariat.acceptance.several.Programs.tick;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.CancelledError;
import dev.lariat.ExceptionContext;
import dev.lariat.acceptance.Trace;
import dev.lariat.event.TaskHandler;
import dev.lariat.event.WhileRunning;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class TaskHandlerTest {
  private final Trace trace = new Trace();

  /** Takes 10 s an event; says when it begins and how it ends. */
  private TaskHandler<String> handler(WhileRunning policy) {
    return TaskHandler.of(
        policy,
        event -> {
          trace.add(event + " begins");
          try {
            sleep(seconds(10));
            trace.add(event + " ends");
          } catch (CancelledError error) {
            trace.add(event + " is cancelled");
            sleep(seconds(1)); // tidies up
            trace.add(event + " is tidied up");
            throw error;
          }
        });
  }

  /** The events a and b, b while a is dealt with, and c later on. */
  private void threeEvents(WhileRunning policy) {
    run(() -> {
      TaskHandler<String> handler = handler(policy);
      assertThat(handler.isRunning()).isFalse();
      handler.accept("a");
      assertThat(handler.isRunning()).isTrue();
      sleep(seconds(2));
      handler.accept("b");
      handler.accept("b2");
      sleep(seconds(60));
      assertThat(handler.isRunning()).isFalse();
      handler.accept("c");
      sleep(seconds(60));
    });
  }

  @Test
  @DisplayName("RESTART cancels what runs; the newest event begins when that has ended")
  void restart() {
    threeEvents(WhileRunning.RESTART);
    trace.assertEvents(
        "a begins",
        "a is cancelled",
        "a is tidied up", // not cancelled once more by b2
        "b2 begins",
        "b2 ends",
        "c begins",
        "c ends");
  }

  @Test
  @DisplayName("IGNORE drops what comes meanwhile")
  void ignore() {
    threeEvents(WhileRunning.IGNORE);
    trace.assertEvents("a begins", "a ends", "c begins", "c ends");
  }

  @Test
  @DisplayName("QUEUE deals with all, one after the other")
  void queue() {
    threeEvents(WhileRunning.QUEUE);
    trace.assertEvents(
        "a begins", "a ends", "b begins", "b ends", "b2 begins", "b2 ends", "c begins", "c ends");
  }

  @Test
  @DisplayName("OVERLAP deals with all at once")
  void overlap() {
    threeEvents(WhileRunning.OVERLAP);
    trace.assertEvents(
        "a begins", "b begins", "b2 begins", "a ends", "b ends", "b2 ends", "c begins", "c ends");
  }

  @Test
  @DisplayName("an exception is told to the loop's exception handler at once, and the next begins")
  void errors() {
    run(() -> {
      List<ExceptionContext> reports = reports();
      TaskHandler<String> handler =
          TaskHandler.of(
              WhileRunning.QUEUE,
              event -> {
                trace.add(event);
                sleep(seconds(1));
                throw new IOException(event);
              });
      handler.accept("a");
      handler.accept("b");
      sleep(seconds(10));
      trace.assertEvents("a", "b");
      assertThat(reports).hasSize(2);
      assertThat(reports.getFirst().message()).isEqualTo("Exception in an event handler");
      assertThat(reports)
          .extracting(report -> report.exception().getMessage())
          .containsExactly("a", "b");
      assertThat(reports.getFirst().task()).isNotNull();
    });
  }

  @Test
  @DisplayName("cancel() stops what runs and forgets what waits, silently")
  void cancel() {
    run(() -> {
      List<ExceptionContext> reports = reports();
      TaskHandler<String> handler = handler(WhileRunning.QUEUE);
      handler.accept("a");
      handler.accept("b");
      tick();
      handler.cancel();
      sleep(seconds(5));
      assertThat(handler.isRunning()).isFalse();
      handler.accept("c");
      sleep(seconds(20));
      trace.assertEvents("a begins", "a is cancelled", "a is tidied up", "c begins", "c ends");
      assertThat(reports).isEmpty();
    });
  }

  @Test
  @DisplayName("without a running loop it says what is missing")
  void noLoop() {
    assertThatThrownBy(() -> handler(WhileRunning.OVERLAP).accept("a"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("No running event loop");
    run(() -> assertThat(getRunningLoop()).isNotNull());
  }
}
