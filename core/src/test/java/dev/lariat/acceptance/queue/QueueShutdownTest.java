package dev.lariat.acceptance.queue;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.acceptance.several.Programs.run;
import static dev.lariat.acceptance.several.Programs.tick;
import static dev.lariat.acceptance.several.Programs.ticks;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.lariat.Action;
import dev.lariat.CancelledError;
import dev.lariat.QueueShutDownException;
import dev.lariat.Task;
import dev.lariat.acceptance.Trace;
import dev.lariat.queue.LifoQueue;
import dev.lariat.queue.PriorityQueue;
import dev.lariat.queue.Queue;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class QueueShutdownTest {
  private final Trace trace = new Trace();

  /** One of each kind, with room for one item. */
  static Stream<Queue<Integer>> allKinds() {
    return Stream.of(new Queue<>(1), new LifoQueue<>(1), new PriorityQueue<>(1));
  }

  private static void assertShutDown(Action action) {
    assertThatThrownBy(action::run).isInstanceOf(QueueShutDownException.class);
  }

  private static void assertNothingGoes(Queue<Integer> queue) {
    assertShutDown(() -> queue.put(9));
    assertShutDown(() -> queue.putNowait(9));
    assertShutDown(() -> queue.get());
    assertShutDown(() -> queue.getNowait());
  }

  /** A task that joins the queue, which it has done. */
  private static Task<Void> joiner(Queue<?> queue) {
    Task<Void> joiner = createTask(() -> queue.join());
    tick();
    return joiner;
  }

  // -- in good order -----------------------------------------------------------------------------

  @ParameterizedTest
  @MethodSource("allKinds")
  @DisplayName("Q-4 shutdown of an empty queue: getters throw, and so does everything after")
  void empty(Queue<Integer> queue) {
    run(() -> {
      Task<Integer> getter = createTask(queue::get);
      Task<Integer> another = createTask(queue::get);
      tick();
      queue.shutdown();
      assertThat(queue.qsize()).isZero();
      queue.join();
      tick();
      assertThat(getter.exception()).isInstanceOf(QueueShutDownException.class);
      assertThat(another.exception()).isInstanceOf(QueueShutDownException.class);
      assertNothingGoes(queue);
      assertThatIllegalStateException().isThrownBy(queue::taskDone);
    });
  }

  @ParameterizedTest
  @MethodSource("allKinds")
  @DisplayName(
      "Q-4 shutdown of a queue with items: putters throw, gets drain, then throw; join works")
  void nonempty(Queue<Integer> queue) {
    run(() -> {
      queue.putNowait(1);
      Task<Void> joiner = joiner(queue);
      Task<Void> putter = createTask(() -> queue.put(2));
      tick();
      queue.shutdown();
      assertThat(queue.qsize()).isEqualTo(1);
      tick();
      assertThat(putter.exception()).isInstanceOf(QueueShutDownException.class);
      assertShutDown(() -> queue.putNowait(3));
      assertThat(queue.get()).isEqualTo(1);
      assertNothingGoes(queue);
      assertThat(joiner.done()).isFalse();
      queue.taskDone();
      joiner.await();
      assertThatIllegalStateException().isThrownBy(queue::taskDone);
    });
  }

  @Test
  @DisplayName(
      "Q-4 several blocked putters throw, in order, and none of their items is in the queue")
  void blockedPutters() {
    run(() -> {
      Queue<Integer> queue = new Queue<>(1);
      queue.putNowait(0);
      for (int item = 1; item <= 3; item++) {
        int each = item;
        createTask(() -> {
          assertShutDown(() -> queue.put(each));
          trace.add(each);
        });
      }
      tick();
      queue.shutdown();
      tick();
      trace.assertEvents(1, 2, 3);
      assertThat(queue).hasToString("Queue[maxsize=1 qsize=1 tasks=1 shutdown]");
    });
  }

  @Test
  @DisplayName("Q-4 a putter that was woken by a get before the shutdown throws, too")
  void wokenPutter() {
    run(() -> {
      Queue<Integer> queue = new Queue<>(1);
      queue.putNowait(0);
      Task<Void> putter = createTask(() -> queue.put(1));
      tick();
      queue.getNowait();
      queue.shutdown();
      assertThat(catchThrowable(putter::await)).isInstanceOf(QueueShutDownException.class);
      assertThat(queue.empty()).isTrue();
    });
  }

  @Test
  @DisplayName("Q-4 a getter that was woken by a put before the shutdown gets the item")
  void wokenGetter() {
    run(() -> {
      Queue<Integer> queue = new Queue<>();
      Task<Integer> first = createTask(queue::get);
      Task<Integer> second = createTask(queue::get);
      tick();
      queue.putNowait(1);
      queue.shutdown();
      assertThat(first.await()).isEqualTo(1);
      assertThat(catchThrowable(second::await)).isInstanceOf(QueueShutDownException.class);
    });
  }

  @Test
  @DisplayName("Q-4 woken by the shutdown and cancelled in the same tick: cancelled")
  void cancelledGetter() {
    run(() -> {
      Queue<Integer> queue = new Queue<>();
      Task<Integer> first = createTask(queue::get);
      Task<Integer> second = createTask(queue::get);
      tick();
      queue.shutdown();
      first.cancel();
      assertThat(catchThrowable(first::await)).isInstanceOf(CancelledError.class);
      assertThat(catchThrowable(second::await)).isInstanceOf(QueueShutDownException.class);
    });
  }

  @Test
  @DisplayName("Q-4 a second shutdown changes nothing; an immediate one after it drains")
  void twice() {
    run(() -> {
      Queue<Integer> queue = new Queue<>();
      queue.putNowait(1);
      queue.shutdown();
      queue.shutdown();
      assertThat(queue.qsize()).isEqualTo(1);
      queue.shutdown(true);
      assertThat(queue.qsize()).isZero();
      queue.join();
    });
  }

  // -- at once -----------------------------------------------------------------------------------

  @ParameterizedTest
  @MethodSource("allKinds")
  @DisplayName("Q-5 an immediate shutdown drops the items, and join wakes")
  void immediate(Queue<Integer> queue) {
    run(() -> {
      queue.putNowait(1);
      Task<Void> joiner = joiner(queue);
      queue.shutdown(true);
      assertThat(queue.qsize()).isZero();
      tick();
      assertThat(joiner.done()).isTrue();
      assertNothingGoes(queue);
      assertThatIllegalStateException().isThrownBy(queue::taskDone);
    });
  }

  @Test
  @DisplayName("Q-5 an immediate shutdown of an empty queue: getters throw")
  void immediateWithGetters() {
    run(() -> {
      Queue<Integer> queue = new Queue<>();
      Task<Integer> getter = createTask(queue::get);
      tick();
      queue.shutdown(true);
      assertThat(catchThrowable(getter::await)).isInstanceOf(QueueShutDownException.class);
    });
  }

  @Test
  @DisplayName("Q-5 items that were got and are not done keep join waiting")
  void immediateWithUnfinished() {
    run(() -> {
      Queue<Integer> queue = new Queue<>();
      queue.putNowait(1);
      queue.putNowait(2);
      Task<Void> joiner = joiner(queue);
      assertThat(queue.get()).isEqualTo(1);
      queue.shutdown(true);
      assertThat(queue.qsize()).isZero();
      ticks(2);
      assertThat(joiner.done()).isFalse();
      assertNothingGoes(queue);
      queue.taskDone();
      joiner.await();
      assertThatIllegalStateException().isThrownBy(queue::taskDone);
    });
  }

  @Test
  @DisplayName("Q-5 items that were done before they were got are not counted twice")
  void immediateWithEarlyTaskDone() {
    run(() -> {
      Queue<Integer> queue = new Queue<>();
      queue.putNowait(1);
      queue.putNowait(2);
      queue.taskDone();
      queue.shutdown(true);
      queue.join();
      assertThatIllegalStateException().isThrownBy(queue::taskDone);
    });
  }

  @Test
  @DisplayName("Q-5 a getter that was woken by a put before the immediate shutdown throws")
  void wokenGetterAndImmediate() {
    run(() -> {
      Queue<Integer> queue = new Queue<>();
      Task<Integer> getter = createTask(queue::get);
      tick();
      queue.putNowait(1);
      queue.shutdown(true);
      assertThat(catchThrowable(getter::await)).isInstanceOf(QueueShutDownException.class);
    });
  }

  @Test
  @DisplayName("Q-5 blocked putters throw, though there is room now")
  void blockedPuttersAndImmediate() {
    run(() -> {
      Queue<Integer> queue = new Queue<>(1);
      queue.putNowait(0);
      Task<Void> putter = createTask(() -> queue.put(1));
      tick();
      queue.shutdown(true);
      assertThat(catchThrowable(putter::await)).isInstanceOf(QueueShutDownException.class);
      assertThat(queue.empty()).isTrue();
    });
  }
}
