package dev.lariat.acceptance.sync;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.getRunningLoop;
import static dev.lariat.acceptance.several.Programs.run;
import static dev.lariat.acceptance.several.Programs.tick;
import static dev.lariat.acceptance.several.Programs.ticks;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.lariat.CancelledError;
import dev.lariat.Task;
import dev.lariat.acceptance.Trace;
import dev.lariat.sync.Event;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class EventTest {
  private final Trace trace = new Trace();
  private final Event event = new Event();

  private Task<Void> waiter(String name) {
    return createTask(() -> {
      event.await();
      trace.add(name);
    });
  }

  @Test
  @DisplayName("EV-1 set wakes all that wait, in order; one that comes later does not wait at all")
  void set() {
    run(() -> {
      assertThat(event.isSet()).isFalse();
      waiter("a");
      waiter("b");
      tick();
      waiter("late");
      event.set();
      assertThat(event.isSet()).isTrue();
      tick();
      // The one that had not started finds the event set, before the woken ones have their turn.
      trace.assertEvents("late", "a", "b");
    });
  }

  @Test
  @DisplayName("EV-1 await on an event that is set does not suspend")
  void awaitWhenSet() {
    run(() -> {
      event.set();
      getRunningLoop().callSoon(trace.adds("callback"));
      event.await();
      event.await();
      trace.assertEvents();
    });
  }

  @Test
  @DisplayName("EV-1 clear is for those that come later: who was woken goes on")
  void clearAfterSet() {
    run(() -> {
      waiter("a");
      tick();
      event.set();
      event.clear();
      assertThat(event.isSet()).isFalse();
      waiter("b");
      ticks(2);
      trace.assertEvents("a");
      event.set();
      event.set();
      tick();
      trace.assertEvents("b");
    });
  }

  @Test
  @DisplayName("EV-1 set, clear and set again, before anybody runs, wakes each once")
  void setTwice() {
    run(() -> {
      waiter("a");
      tick();
      event.set();
      event.clear();
      event.set();
      assertThat(event).hasToString("Event[set, waiters:1]");
      tick();
      trace.assertEvents("a");
      assertThat(event).hasToString("Event[set]");
      event.clear();
      assertThat(event).hasToString("Event[unset]");
    });
  }

  @Test
  @DisplayName("EV-1 a cancelled waiter leaves nothing behind, and disturbs no other")
  void cancel() {
    run(() -> {
      Task<Void> a = waiter("a");
      waiter("b");
      tick();
      a.cancel("why");
      event.set();
      assertThat(catchThrowable(a::await)).isInstanceOf(CancelledError.class).hasMessage("why");
      tick();
      trace.assertEvents("b");
      assertThat(event).hasToString("Event[set]");
    });
  }

  @Test
  @DisplayName("EV-1 a waiter that is cancelled after it was woken is cancelled")
  void wokenThenCancelled() {
    run(() -> {
      Task<Void> a = waiter("a");
      tick();
      event.set();
      a.cancel();
      assertThat(catchThrowable(a::await)).isInstanceOf(CancelledError.class);
      trace.assertEvents();
    });
  }
}
