package dev.lariat.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.lariat.EventLoop;
import dev.lariat.Future;
import dev.lariat.event.Registration;
import dev.lariat.host.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("Events behind a descriptor that the host of a guest watches")
@Timeout(30)
class WatchedEventsTest {
  private final ToyToolkit toolkit = new ToyToolkit();
  private final EventLoop loop = new EventLoop(toolkit.newHost());
  private final List<String> order = new ArrayList<>();

  @AfterEach
  void close() {
    loop.close();
  }

  private Registration watch(Runnable events) {
    return loop.getPoller().watch(7, events);
  }

  /** Something to wait for, that is done by {@code events} once the host has told of them. */
  private Future<Void> events() {
    Future<Void> handled = loop.createFuture();
    watch(() -> {
      if (order.remove("told")) {
        order.add("events");
        loop.callSoon(() -> handled.setResult(null));
      }
    });
    return handled;
  }

  private void tell() {
    order.add("told");
    toolkit.tellReadable();
  }

  @Test
  @DisplayName("they are handled in the loop's next iteration: before the timers that are due")
  void handled() {
    loop.runUntilComplete(() -> {
      Future<Void> handled = events();
      loop.callSoon(() -> {
        order.add("ready");
        loop.callLater(Duration.ofNanos(1), () -> order.add("timer"));
        tell();
      });
      handled.await();
    });
    assertThat(order).containsExactly("ready", "events", "timer");
    assertThat(toolkit.watches).containsExactly("watch 7");
  }

  @Test
  @DisplayName("a host that tells again before they are handled is told to be quiet until then")
  void muted() {
    loop.runUntilComplete(() -> {
      Future<Void> handled = events();
      for (int i = 0; i < 3; i++) {
        toolkit.tellReadable();
      }
      tell();
      handled.await();
    });
    assertThat(toolkit.watches).containsExactly("watch 7", "off", "on");
  }

  @Test
  @DisplayName("a turn that only goes on with the last one's iteration is followed by another")
  void cutUp() {
    loop.setTurnBudget(Duration.ZERO); // one callback a turn
    loop.runUntilComplete(() -> {
      Future<Void> handled = events();
      loop.callSoon(this::tell);
      loop.callSoon(() -> order.add("of the same iteration"));
      handled.await();
    });
    assertThat(order).containsExactly("of the same iteration", "events");
  }

  @Test
  @DisplayName("what the host tells while the loop does not run waits for the next run")
  void notRunning() {
    loop.runUntilComplete(() -> {
      watch(() -> order.add("events"));
    });
    order.clear();
    toolkit.tellReadable();
    toolkit.tellReadable();
    assertThat(order).isEmpty();
    assertThat(toolkit.watches).containsExactly("watch 7", "off");
    loop.runUntilComplete(() -> assertThat(order).startsWith("events"));
    assertThat(toolkit.watches).containsExactly("watch 7", "off", "on");
  }

  @Test
  @DisplayName("there is one at a time, not before the loop runs, and none without a host")
  void oneAtATime() {
    assertThat(watch(() -> {})).isNull();
    loop.runUntilComplete(() -> {
      Registration first = watch(() -> order.add("first"));
      assertThatIllegalStateException()
          .isThrownBy(() -> watch(() -> order.add("second")))
          .withMessageContaining("already");
      first.close();
      first.close();
      Registration third = watch(() -> order.add("third"));
      assertThat(third).isNotNull();
    });
    loop.runUntilComplete(() -> {});
    assertThat(order).isNotEmpty().containsOnly("third");
    assertThat(new VirtualTime().watch(7, () -> {})).isNull();
  }

  @Test
  @DisplayName("closing the loop ends the watch before it closes the host")
  void closed() {
    loop.runUntilComplete(() -> {
      watch(() -> {});
    });
    loop.close();
    assertThat(toolkit.watches).containsExactly("watch 7", "close", "close host");
  }
}
