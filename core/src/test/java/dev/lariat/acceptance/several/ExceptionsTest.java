package dev.lariat.acceptance.several;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.acceptance.several.Programs.run;
import static dev.lariat.acceptance.several.Programs.tick;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.lariat.BrokenBarrierException;
import dev.lariat.CancelledError;
import dev.lariat.ExceptionGroup;
import dev.lariat.InvalidStateException;
import dev.lariat.KeyboardInterrupt;
import dev.lariat.QueueEmptyException;
import dev.lariat.QueueFullException;
import dev.lariat.QueueShutDownException;
import dev.lariat.Task;
import dev.lariat.TimeoutException;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Section 11 of the acceptance table: the exceptions, as far as the core throws them. */
class ExceptionsTest {
  @Test
  @DisplayName("Section 11: CancelledError gets past code that catches Exception")
  void cancelledErrorIsAnError() {
    assertThat(new CancelledError()).isInstanceOf(Error.class).hasMessage(null);
    assertThat(new CancelledError("why")).hasMessage("why");
    run(() -> {
      Task<Void> task =
          createTask(() -> {
            try {
              tick();
            } catch (Exception e) {
              throw new AssertionError("caught as an Exception", e);
            }
          });
      tick();
      task.cancel();
      assertThat(catchThrowable(task::await)).isInstanceOf(CancelledError.class);
      assertThat(task.cancelled()).isTrue();
    });
  }

  @Test
  @DisplayName("Section 11: all others are unchecked, and a timeout is never a cancellation")
  void others() {
    List<Throwable> others =
        List.of(
            new TimeoutException(),
            new InvalidStateException("state"),
            new BrokenBarrierException("barrier"),
            new QueueEmptyException("queue"),
            new QueueFullException("queue"),
            new QueueShutDownException("queue"),
            new ExceptionGroup("group", List.of(new CancelledError())));
    assertThat(others).allMatch(each -> each instanceof RuntimeException);
    assertThat(others).allSatisfy(each -> assertThat(each.getMessage()).isNotBlank());
    assertThat((Throwable) new KeyboardInterrupt()).isInstanceOf(Error.class);
  }
}
