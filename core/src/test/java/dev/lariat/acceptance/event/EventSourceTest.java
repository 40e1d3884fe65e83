package dev.lariat.acceptance.event;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.currentTask;
import static dev.lariat.Asyncio.getRunningLoop;
import static dev.lariat.Asyncio.sleep;
import static dev.lariat.Asyncio.timeout;
import static dev.lariat.acceptance.several.Programs.run;
import static dev.lariat.acceptance.several.Programs.seconds;
import static dev.lariat.acceptance.several.Programs.tick;
import static dev.lariat.acceptance.several.Programs.ticks;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.CancelledError;
import dev.lariat.Task;
import dev.lariat.TimeoutException;
import dev.lariat.event.Backpressure;
import dev.lariat.event.EventSource;
import dev.lariat.event.Registration;
import dev.lariat.queue.Channel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class EventSourceTest {
  /** A widget: anybody can listen, and a test fires. */
  private static final class Widget implements EventSource<String> {
    final List<Consumer<? super String>> listeners = new ArrayList<>();

    @Override
    public Registration listen(Consumer<? super String> listener) {
      listeners.add(listener);
      return () -> listeners.remove(listener);
    }

    void fire(String event) {
      List.copyOf(listeners).forEach(listener -> listener.accept(event));
    }
  }

  private final Widget widget = new Widget();

  // -- one event ---------------------------------------------------------------------------------

  @Test
  @DisplayName("next() waits for one event, and leaves no listener")
  void next() {
    run(() -> {
      Task<String> task = createTask(widget::next);
      tick();
      assertThat(widget.listeners).hasSize(1);
      widget.fire("one");
      widget.fire("two"); // before the task gets to run
      assertThat(task.await()).isEqualTo("one");
      assertThat(widget.listeners).isEmpty();
    });
  }

  @Test
  @DisplayName("the task is resumed by the loop, not inside the toolkit's call")
  void resumedByTheLoop() {
    run(() -> {
      List<String> order = new ArrayList<>();
      createTask(() -> order.add(widget.next()));
      tick();
      getRunningLoop()
          .callSoon(() -> {
            widget.fire("event");
            order.add("fired");
          });
      ticks(3);
      assertThat(order).containsExactly("fired", "event");
    });
  }

  @Test
  @DisplayName("cancelled or timed out, it leaves no listener, and a late event does no harm")
  void cancelled() {
    run(() -> {
      Task<String> task = createTask(widget::next);
      tick();
      List<Consumer<? super String>> late = List.copyOf(widget.listeners);
      task.cancel();
      assertThatThrownBy(task::await).isInstanceOf(CancelledError.class);
      assertThatThrownBy(() -> timeout(seconds(1), widget::next))
          .isInstanceOf(TimeoutException.class);
      assertThat(widget.listeners).isEmpty();
      late.forEach(listener -> listener.accept("late"));
    });
  }

  @Test
  @DisplayName("100,000 awaited events leave no listener behind")
  void noLeak() {
    run(() -> {
      Task<Void> task =
          createTask(() -> {
            for (int i = 0; i < 100_000; i++) {
              assertThat(widget.next()).isEqualTo("event");
            }
          });
      while (!task.done()) {
        widget.fire("event");
        tick();
      }
      task.await();
      assertThat(widget.listeners).isEmpty();
    });
  }

  // -- many --------------------------------------------------------------------------------------

  /** What a task gets that is busy while the events 1, 2, 3 come, and waits when 4 comes. */
  private List<String> gets(Backpressure backpressure) {
    List<String> got = new ArrayList<>();
    run(() -> {
      Task<Void> task =
          createTask(() -> {
            for (String event : widget.events(backpressure)) {
              got.add(event);
              sleep(seconds(1));
            }
          });
      tick();
      widget.fire("0");
      tick();
      widget.fire("1");
      widget.fire("2");
      widget.fire("3");
      sleep(seconds(10));
      widget.fire("4");
      sleep(seconds(10));
      task.cancel();
      tick();
      assertThat(task.cancelled()).isTrue();
      ticks(2);
      assertThat(widget.listeners).as("the task has ended").isEmpty();
    });
    return got;
  }

  @Test
  @DisplayName("BUFFER keeps all that come meanwhile, LATEST the last one, DROP none")
  void backpressure() {
    assertThat(gets(Backpressure.BUFFER)).containsExactly("0", "1", "2", "3", "4");
    assertThat(gets(Backpressure.LATEST)).containsExactly("0", "3", "4");
    assertThat(gets(Backpressure.DROP)).containsExactly("0", "4");
  }

  @Test
  @DisplayName("closing the channel removes the listener, ends the iteration, and keeps nothing")
  void closed() {
    run(() -> {
      for (int i = 0; i < 1_000; i++) {
        try (Channel<String> events = widget.events(Backpressure.BUFFER)) {
          widget.fire("one");
          assertThat(events.receive()).isEqualTo("one");
        }
      }
      assertThat(widget.listeners).isEmpty();
      assertThat(currentTask()).asString().as("run's own").contains("cb=1 callback");
    });
  }

  @Test
  @DisplayName("events belong to a task: a plain callback is told so")
  void outsideATask() {
    run(() -> {
      List<String> messages = new ArrayList<>();
      getRunningLoop()
          .callSoon(() ->
              assertThatIllegalStateException()
                  .isThrownBy(() -> widget.events(Backpressure.DROP))
                  .satisfies(error -> messages.add(error.getMessage())));
      ticks(2);
      assertThat(messages).singleElement().asString().contains("createTask");
      assertThat(widget.listeners).isEmpty();
    });
  }

  // -- made of others ----------------------------------------------------------------------------

  @Test
  @DisplayName("filter, map and or: sources of sources, which leave no listener either")
  void combined() {
    Widget other = new Widget();
    EventSource<Integer> lengths =
        widget
            .or(other)
            .filter(text -> !text.isEmpty())
            .map(text -> text.equals("?") ? null : text.length());
    List<Integer> got = new ArrayList<>();
    Registration registration = lengths.listen(got::add);
    widget.fire("one");
    other.fire("three");
    widget.fire("");
    widget.fire("?");
    assertThat(got).containsExactly(3, 5);
    registration.close();
    widget.fire("more");
    assertThat(got).hasSize(2);
    assertThat(widget.listeners).isEmpty();
    assertThat(other.listeners).isEmpty();
  }
}
