package dev.lariat.acceptance.queue;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.gatherReturnExceptions;
import static dev.lariat.Asyncio.getRunningLoop;
import static dev.lariat.Asyncio.sleep;
import static dev.lariat.Asyncio.timeout;
import static dev.lariat.Asyncio.waitFor;
import static dev.lariat.acceptance.several.Programs.run;
import static dev.lariat.acceptance.several.Programs.seconds;
import static dev.lariat.acceptance.several.Programs.tick;
import static dev.lariat.acceptance.several.Programs.ticks;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.lariat.CancelledError;
import dev.lariat.Coroutine;
import dev.lariat.Task;
import dev.lariat.TimeoutException;
import dev.lariat.acceptance.Trace;
import dev.lariat.queue.Queue;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Getters and putters that are cancelled at the worst of times. */
class QueueRaceTest {
  private final Trace trace = new Trace();

  private Task<Integer> getter(Queue<Integer> queue, String name) {
    return createTask(() -> {
      try {
        int item = queue.get();
        trace.add(name + " gets " + item);
        return item;
      } catch (CancelledError cancelled) {
        trace.add(name + " cancelled");
        throw cancelled;
      }
    });
  }

  private Task<Void> putter(Queue<Integer> queue, int item) {
    return createTask(() -> {
      try {
        queue.put(item);
        trace.add("put " + item);
      } catch (CancelledError cancelled) {
        trace.add("put " + item + " cancelled");
        throw cancelled;
      }
    });
  }

  private static Queue<Integer> full() {
    Queue<Integer> queue = new Queue<>(1);
    queue.putNowait(0);
    return queue;
  }

  // -- getters -----------------------------------------------------------------------------------

  @Test
  @DisplayName("Q-2 a cancelled getter is passed over")
  void cancelledGetter() {
    run(() -> {
      Queue<Integer> queue = new Queue<>();
      Task<Integer> a = getter(queue, "a");
      getter(queue, "b");
      tick();
      a.cancel("why");
      assertThat(catchThrowable(a::await)).isInstanceOf(CancelledError.class).hasMessage("why");
      queue.put(1);
      tick();
      trace.assertEvents("a cancelled", "b gets 1");
    });
  }

  @Test
  @DisplayName("Q-2 cancelled, then put, in one tick: the next one gets the item")
  void cancelThenPut() {
    run(() -> {
      Queue<Integer> queue = new Queue<>();
      Task<Integer> a = getter(queue, "a");
      getter(queue, "b");
      tick();
      a.cancel();
      queue.putNowait(1);
      tick();
      trace.assertEvents("a cancelled", "b gets 1");
    });
  }

  @Test
  @DisplayName("Q-2 put, then cancelled, in one tick: the getter that was woken passes it on")
  void putThenCancel() {
    run(() -> {
      Queue<Integer> queue = new Queue<>();
      Task<Integer> a = getter(queue, "a");
      Task<Integer> b = getter(queue, "b");
      Task<Integer> c = getter(queue, "c");
      tick();
      queue.putNowait(1);
      a.cancel();
      b.cancel();
      assertThat(c.await()).isEqualTo(1);
      trace.assertEvents("a cancelled", "b cancelled", "c gets 1");
      assertThat(queue).hasToString("Queue[maxsize=0 qsize=0 tasks=1]");
    });
  }

  @Test
  @DisplayName(
      "Q-2 the item of a lone getter, woken and cancelled, stays in the queue, in its place")
  void noItemIsLost() {
    run(() -> {
      Queue<Integer> queue = new Queue<>();
      Task<Integer> reader = getter(queue, "reader");
      tick();
      queue.putNowait(1);
      queue.putNowait(2);
      reader.cancel();
      assertThat(catchThrowable(reader::await)).isInstanceOf(CancelledError.class);
      assertThat(queue.get()).isEqualTo(1);
      assertThat(queue.get()).isEqualTo(2);
    });
  }

  @Test
  @DisplayName("Q-2 two items, three getters, the first of which is cancelled")
  void twoItemsForThree() {
    run(() -> {
      Queue<Integer> queue = new Queue<>();
      Task<Integer> a = getter(queue, "a");
      Task<Integer> b = getter(queue, "b");
      Task<Integer> c = getter(queue, "c");
      tick();
      queue.putNowait(1);
      queue.putNowait(2);
      a.cancel();
      assertThat(catchThrowable(a::await)).isInstanceOf(CancelledError.class);
      assertThat(List.of(b.await(), c.await())).containsExactly(1, 2);
    });
  }

  @Test
  @DisplayName(
      "Q-2 a getter whose item was taken by a newcomer, and which is cancelled, passes nothing on")
  void nothingToPassOn() {
    run(() -> {
      Queue<Integer> queue = new Queue<>();
      Task<Integer> a = getter(queue, "a");
      getter(queue, "b");
      tick();
      queue.putNowait(1);
      assertThat(queue.getNowait()).isEqualTo(1);
      a.cancel();
      ticks(3);
      trace.assertEvents("a cancelled");
      assertThat(queue).hasToString("Queue[maxsize=0 qsize=0 getters=1 tasks=1]");
      queue.putNowait(2);
      tick();
      trace.assertEvents("b gets 2");
    });
  }

  @Test
  @DisplayName("Q-2 a getter that times out leaves nothing behind")
  void timedOutGetter() {
    run(() -> {
      Queue<Integer> queue = new Queue<>(5);
      Coroutine<Integer> get = queue::get;
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(() -> waitFor(get, seconds(1))).isInstanceOf(TimeoutException.class);
      }
      assertThat(queue).hasToString("Queue[maxsize=5 qsize=0]");
    });
  }

  @Test
  @DisplayName("Q-2 a getter that times out in the tick of the put passes the item on")
  void timeoutInTheTickOfThePut() {
    run(() -> {
      Queue<Integer> queue = new Queue<>();
      getRunningLoop().callAt(seconds(1), () -> queue.putNowait(1));
      Task<Integer> a = createTask(() -> timeout(seconds(1), () -> queue.get()));
      getter(queue, "b");
      assertThat(catchThrowable(a::await)).isInstanceOf(TimeoutException.class);
      sleep(seconds(1));
      trace.assertEvents("b gets 1");
    });
  }

  // -- putters -----------------------------------------------------------------------------------

  @Test
  @DisplayName("Q-2 a cancelled putter is passed over, and its item is not in the queue")
  void cancelledPutter() {
    run(() -> {
      Queue<Integer> queue = full();
      putter(queue, 1);
      Task<Void> cancelled = putter(queue, 2);
      putter(queue, 3);
      tick();
      cancelled.cancel();
      tick();
      assertThat(queue).hasToString("Queue[maxsize=1 qsize=1 putters=2 tasks=1]");
      assertThat(queue.getNowait()).isZero();
      tick();
      assertThat(queue.getNowait()).isEqualTo(1);
      tick();
      assertThat(queue.getNowait()).isEqualTo(3);
      trace.assertEvents("put 2 cancelled", "put 1", "put 3");
    });
  }

  @Test
  @DisplayName("Q-2 a putter that was woken and is cancelled passes the room on")
  void wokenPutterCancelled() {
    run(() -> {
      Queue<Integer> queue = full();
      Task<Void> first = putter(queue, 1);
      Task<Void> second = putter(queue, 2);
      putter(queue, 3);
      tick();
      queue.getNowait();
      first.cancel();
      second.cancel();
      ticks(3);
      trace.assertEvents("put 1 cancelled", "put 2 cancelled", "put 3");
      assertThat(queue.getNowait()).isEqualTo(3);
    });
  }

  @Test
  @DisplayName("Q-2 a lone putter, woken and cancelled: there is room, and the item is not put")
  void wokenPutterCancelledAlone() {
    run(() -> {
      Queue<Integer> queue = full();
      Task<Void> writer = putter(queue, 1);
      tick();
      queue.getNowait();
      writer.cancel();
      assertThat(catchThrowable(writer::await)).isInstanceOf(CancelledError.class);
      assertThat(queue).hasToString("Queue[maxsize=1 qsize=0 tasks=1]");
      queue.put(2);
      assertThat(queue.getNowait()).isEqualTo(2);
    });
  }

  @Test
  @DisplayName("Q-2 a putter whose room was taken by a newcomer waits on, and can be cancelled")
  void roomTakenByANewcomer() {
    run(() -> {
      Queue<Integer> queue = full();
      Task<Void> writer = putter(queue, 1);
      putter(queue, 2);
      tick();
      queue.getNowait();
      queue.putNowait(9);
      ticks(2);
      trace.assertEvents();
      writer.cancel();
      tick();
      trace.assertEvents("put 1 cancelled");
      assertThat(queue).hasToString("Queue[maxsize=1 qsize=1 putters=1 tasks=2]");
      queue.getNowait();
      tick();
      trace.assertEvents("put 2");
    });
  }

  @Test
  @DisplayName("Q-2 a cancelled join leaves the queue alone")
  void cancelledJoin() {
    run(() -> {
      Queue<Integer> queue = full();
      Task<Void> a = createTask(() -> queue.join());
      Task<Void> b = createTask(() -> queue.join());
      tick();
      a.cancel();
      queue.taskDone();
      b.await();
      assertThat(a.cancelled()).isTrue();
    });
  }

  @Test
  @DisplayName("Q-2 whatever is cancelled, each item is got once, and no waiter is left behind")
  void nothingIsLostOrDoubled() {
    run(() -> {
      Queue<Integer> queue = new Queue<>(2);
      List<Integer> put = new ArrayList<>();
      List<Integer> got = new ArrayList<>();
      List<Task<?>> tasks = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        int item = i;
        tasks.add(
            createTask(() -> {
              queue.put(item);
              put.add(item);
            }));
        tasks.add(createTask(() -> got.add(queue.get())));
        if (i % 3 == 0) {
          tick();
          tasks.get(tasks.size() - 1 - i % 2).cancel();
          tasks.get(i).cancel();
        }
      }
      ticks(5);
      tasks.forEach(Task::cancel);
      gatherReturnExceptions(tasks).await();
      while (!queue.empty()) {
        got.add(queue.getNowait());
      }
      assertThat(put).isNotEmpty();
      assertThat(got).containsExactlyInAnyOrderElementsOf(put).doesNotHaveDuplicates();
      assertThat(queue.toString()).doesNotContain("getters").doesNotContain("putters");
    });
  }
}
