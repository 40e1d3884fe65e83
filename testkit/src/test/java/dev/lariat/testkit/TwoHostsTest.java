package dev.lariat.testkit;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.getRunningLoop;
import static dev.lariat.Asyncio.runOn;
import static dev.lariat.Asyncio.sleep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.CancelledError;
import dev.lariat.EventLoop;
import dev.lariat.Task;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("Two toolkits in one process")
@Timeout(30)
class TwoHostsTest {
  private final CompletableFuture<EventLoop> other = new CompletableFuture<>();
  private final Thread thread = new Thread(this::runOther, "other toolkit");
  private EventLoop loop;

  private void runOther() {
    try (EventLoop guest = new EventLoop(new ToyToolkit().newHost())) {
      other.complete(guest);
      guest.runForever();
    }
  }

  @BeforeEach
  void start() {
    thread.start();
    loop = new EventLoop(new ToyToolkit().newHost());
  }

  @AfterEach
  void end() throws InterruptedException {
    loop.close();
    EventLoop theirs = other.join();
    theirs.callSoonThreadsafe(theirs::stop);
    thread.join();
  }

  @Test
  @DisplayName("a task of each awaits one of the other, and neither thread is blocked")
  void bothWays() {
    loop.runUntilComplete(() -> {
      int[] ticks = {0};
      Task<Void> ticker =
          createTask(() -> {
            while (true) {
              sleep(Duration.ofMillis(1));
              ticks[0]++;
            }
          });
      EventLoop here = getRunningLoop();
      String value =
          runOn(
              other.join(),
              () -> {
                assertThat(Thread.currentThread()).isSameAs(thread);
                sleep(Duration.ofMillis(20));
                return runOn(
                    here,
                    () -> {
                      sleep(Duration.ofMillis(20));
                      return "there and back on " + Thread.currentThread().getName();
                    });
              });
      assertThat(value).isEqualTo("there and back on " + Thread.currentThread().getName());
      assertThat(ticks[0]).isGreaterThan(3);
      ticker.cancel();
    });
  }

  @Test
  @DisplayName("cancelling here cancels there; an error there is thrown here")
  void cancellationAndErrors() {
    loop.runUntilComplete(() -> {
      CompletableFuture<String> ended = new CompletableFuture<>();
      Task<Void> task =
          createTask(() ->
              runOn(
                  other.join(),
                  () -> {
                    try {
                      sleep(Duration.ofHours(1));
                    } finally {
                      ended.complete("unwound on " + Thread.currentThread().getName());
                    }
                  }));
      sleep(Duration.ofMillis(10));
      task.cancel();
      assertThatThrownBy(task::await).isInstanceOf(CancelledError.class);
      assertThat(dev.lariat.Asyncio.await(ended)).isEqualTo("unwound on other toolkit");
      assertThatThrownBy(() ->
              runOn(
                  other.join(),
                  () -> {
                    throw new IllegalArgumentException("there");
                  }))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("there");
    });
  }
}
