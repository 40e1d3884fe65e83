package dev.lariat.acceptance.queue;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.getRunningLoop;
import static dev.lariat.Asyncio.sleep;
import static dev.lariat.Asyncio.taskGroup;
import static dev.lariat.acceptance.several.Programs.now;
import static dev.lariat.acceptance.several.Programs.run;
import static dev.lariat.acceptance.several.Programs.seconds;
import static dev.lariat.acceptance.several.Programs.tick;
import static dev.lariat.acceptance.several.Programs.ticks;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.QueueEmptyException;
import dev.lariat.QueueFullException;
import dev.lariat.Task;
import dev.lariat.acceptance.Trace;
import dev.lariat.queue.LifoQueue;
import dev.lariat.queue.PriorityQueue;
import dev.lariat.queue.Queue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Queues while nothing goes wrong. */
class QueueTest {
  private final Trace trace = new Trace();

  static Stream<Queue<Integer>> allKinds() {
    return Stream.of(new Queue<>(), new LifoQueue<>(), new PriorityQueue<>());
  }

  // -- size --------------------------------------------------------------------------------------

  @ParameterizedTest
  @MethodSource("allKinds")
  @DisplayName("Q-1 size, empty and full, of a queue without a limit")
  void withoutLimit(Queue<Integer> queue) {
    assertThat(queue.maxsize()).isZero();
    assertThat(queue.empty()).isTrue();
    for (int i = 1; i <= 1000; i++) {
      queue.putNowait(i);
      assertThat(queue.qsize()).isEqualTo(i);
      assertThat(queue.full()).isFalse();
      assertThat(queue.empty()).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
  @DisplayName("Q-1 a limit of zero or less is none")
  void noLimit(int maxsize) {
    for (Queue<Integer> queue :
        List.<Queue<Integer>>of(
            new Queue<>(maxsize), new LifoQueue<>(maxsize), new PriorityQueue<>(maxsize))) {
      queue.putNowait(1);
      queue.putNowait(2);
      assertThat(queue.full()).isFalse();
      assertThat(queue.maxsize()).isEqualTo(maxsize);
    }
  }

  @Test
  @DisplayName("Q-1 at the limit the queue is full")
  void limit() {
    Queue<Integer> queue = new Queue<>(2);
    assertThat(queue.maxsize()).isEqualTo(2);
    queue.putNowait(1);
    assertThat(queue.full()).isFalse();
    queue.putNowait(2);
    assertThat(queue.full()).isTrue();
    assertThatThrownBy(() -> queue.putNowait(3)).isInstanceOf(QueueFullException.class);
    assertThat(queue.qsize()).isEqualTo(2);
    assertThat(queue.getNowait()).isEqualTo(1);
    assertThat(queue.full()).isFalse();
  }

  @ParameterizedTest
  @MethodSource("allKinds")
  @DisplayName("Q-1 getNowait of an empty queue throws")
  void getNowaitOfEmpty(Queue<Integer> queue) {
    assertThatThrownBy(queue::getNowait).isInstanceOf(QueueEmptyException.class);
    queue.putNowait(1);
    assertThat(queue.getNowait()).isEqualTo(1);
    assertThatThrownBy(queue::getNowait).isInstanceOf(QueueEmptyException.class);
  }

  @Test
  @DisplayName("Q-1 null is no item")
  void nullItem() {
    Queue<Integer> queue = new Queue<>();
    assertThatNullPointerException().isThrownBy(() -> queue.putNowait(null));
    run(() -> assertThatNullPointerException().isThrownBy(() -> queue.put(null)));
    assertThat(queue.empty()).isTrue();
  }

  // -- order -------------------------------------------------------------------------------------

  private static List<Integer> through(Queue<Integer> queue, int... items) {
    List<Integer> out = new ArrayList<>();
    run(() -> {
      for (int item : items) {
        queue.put(item);
      }
      while (!queue.empty()) {
        out.add(queue.get());
      }
    });
    return out;
  }

  @Test
  @DisplayName("Q-1 first in first out; last in first out; least first")
  void orders() {
    assertThat(through(new Queue<>(), 1, 3, 2)).containsExactly(1, 3, 2);
    assertThat(through(new LifoQueue<>(), 1, 3, 2)).containsExactly(2, 3, 1);
    assertThat(through(new PriorityQueue<>(), 1, 3, 2, 2, -5)).containsExactly(-5, 1, 2, 2, 3);
    assertThat(through(new PriorityQueue<>(5, Comparator.reverseOrder()), 1, 3, 2))
        .containsExactly(3, 2, 1);
  }

  @Test
  @DisplayName("Q-1 a subclass may keep its items as it likes")
  void subclass() {
    class Distinct extends Queue<Integer> {
      Distinct() {
        super(2);
      }

      @Override
      protected Collection<Integer> storage() {
        return new TreeSet<>();
      }

      @Override
      protected Integer take(Collection<Integer> storage) {
        return ((TreeSet<Integer>) storage).pollLast();
      }
    }

    Queue<Integer> queue = new Distinct();
    queue.putNowait(1);
    queue.putNowait(1);
    assertThat(queue.qsize()).isEqualTo(1);
    queue.putNowait(2);
    assertThat(queue.full()).isTrue();
    assertThat(queue.getNowait()).isEqualTo(2);
  }

  // -- waiting -----------------------------------------------------------------------------------

  @Test
  @DisplayName("Q-1 put and get do not suspend while they need not")
  void withoutSuspending() {
    run(() -> {
      Queue<Integer> queue = new Queue<>(1);
      getRunningLoop().callSoon(trace.adds("callback"));
      queue.put(1);
      assertThat(queue.get()).isEqualTo(1);
      queue.put(2);
      assertThat(queue.get()).isEqualTo(2);
      trace.assertEvents();
    });
  }

  @Test
  @DisplayName("Q-1 put waits for room")
  void putWaits() {
    run(() -> {
      Queue<Integer> queue = new Queue<>(2);
      Task<Void> putter =
          createTask(() -> {
            for (int i = 0; i < 3; i++) {
              queue.put(i);
              trace.add(i);
            }
          });
      ticks(2);
      trace.assertEvents(0, 1);
      assertThat(queue.get()).isEqualTo(0);
      tick();
      trace.assertEvents(2);
      assertThat(queue.get()).isEqualTo(1);
      assertThat(queue.get()).isEqualTo(2);
      assertThat(putter.done()).isTrue();
    });
  }

  @Test
  @DisplayName("Q-1 get waits for an item")
  void getWaits() {
    run(() -> {
      Queue<Integer> queue = new Queue<>();
      getRunningLoop().callLater(seconds(1), () -> queue.putNowait(1));
      assertThat(queue.get()).isEqualTo(1);
      assertThat(now()).isEqualTo(seconds(1));
    });
  }

  @Test
  @DisplayName("Q-1 getters and putters are served in the order in which they came")
  void served() {
    run(() -> {
      Queue<String> queue = new Queue<>(1);
      for (String name : List.of("a", "b", "c")) {
        createTask(() -> trace.add(name + " gets " + queue.get()));
      }
      tick();
      for (String item : List.of("1", "2", "3")) {
        createTask(() -> queue.put(item));
      }
      sleep(seconds(1));
      trace.assertEvents("a gets 1", "b gets 2", "c gets 3");
    });
  }

  @Test
  @DisplayName(
      "Q-1 a newcomer may take the item of a getter that was woken; that waits on, last in line")
  void newcomerOvertakes() {
    run(() -> {
      Queue<Integer> queue = new Queue<>();
      createTask(() -> trace.add("a gets " + queue.get()));
      tick();
      queue.putNowait(1);
      assertThat(queue.get()).isEqualTo(1);
      tick();
      trace.assertEvents();
      queue.putNowait(2);
      tick();
      trace.assertEvents("a gets 2");
    });
  }

  @Test
  @DisplayName("Q-1 a producer and a consumer at different speeds, through one place")
  void producerAndConsumer() {
    run(() -> {
      Queue<Integer> queue = new Queue<>(1);
      List<Integer> consumed = new ArrayList<>();
      taskGroup(group -> {
        group.createTask(() -> {
          for (int i = 0; i < 5; i++) {
            queue.put(i);
          }
        });
        group.createTask(() -> {
          for (int i = 0; i < 5; i++) {
            consumed.add(queue.get());
            sleep(seconds(1));
          }
        });
      });
      assertThat(consumed).containsExactly(0, 1, 2, 3, 4);
      assertThat(now()).isEqualTo(seconds(5));
    });
  }

  @Test
  @DisplayName("Q-1 room for several wakes several putters")
  void severalPutters() {
    run(() -> {
      Queue<Integer> queue = new Queue<>(2);
      taskGroup(group -> {
        group.createTask(() -> {
          tick();
          int size = queue.qsize();
          for (int i = 0; i < size; i++) {
            queue.getNowait();
          }
        });
        for (int item = 0; item < 4; item++) {
          int each = item;
          group.createTask(() -> queue.put(each));
        }
      });
      assertThat(queue.getNowait()).isEqualTo(2);
      assertThat(queue.getNowait()).isEqualTo(3);
    });
  }

  @Test
  @DisplayName("Q-1 the text tells the size, who waits, and what is unfinished")
  void text() {
    run(() -> {
      Queue<Integer> queue = new Queue<>(1);
      assertThat(queue).hasToString("Queue[maxsize=1 qsize=0]");
      Task<Integer> getter = createTask(queue::get);
      tick();
      assertThat(queue).hasToString("Queue[maxsize=1 qsize=0 getters=1]");
      queue.putNowait(1);
      getter.await();
      queue.putNowait(2);
      createTask(() -> queue.put(3));
      tick();
      assertThat(queue).hasToString("Queue[maxsize=1 qsize=1 putters=1 tasks=2]");
      queue.shutdown();
      assertThat(queue).hasToString("Queue[maxsize=1 qsize=1 tasks=2 shutdown]");
      tick();
    });
  }

  // -- join --------------------------------------------------------------------------------------

  @ParameterizedTest
  @MethodSource("allKinds")
  @DisplayName("Q-3 taskDone more often than items were put throws")
  void taskDoneTooOften(Queue<Integer> queue) {
    assertThatIllegalStateException()
        .isThrownBy(queue::taskDone)
        .withMessageEndingWith("called too many times");
    queue.putNowait(1);
    queue.taskDone(); // not got yet, but counted
    assertThatIllegalStateException().isThrownBy(queue::taskDone);
  }

  @ParameterizedTest
  @MethodSource("allKinds")
  @DisplayName("Q-3 join of an empty queue returns at once")
  void joinEmpty(Queue<Integer> queue) {
    run(() -> {
      getRunningLoop().callSoon(trace.adds("callback"));
      queue.join();
      queue.join();
      trace.assertEvents();
    });
  }

  @ParameterizedTest
  @MethodSource("allKinds")
  @DisplayName("Q-3 join waits until taskDone was called for every item")
  void join(Queue<Integer> queue) {
    run(() -> {
      for (int i = 1; i <= 100; i++) {
        queue.putNowait(i);
      }
      int[] sum = {0};
      List<Task<Void>> workers = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        workers.add(
            createTask(() -> {
              while (true) {
                int item = queue.get();
                tick();
                sum[0] += item;
                queue.taskDone();
              }
            }));
      }
      queue.join();
      assertThat(sum[0]).isEqualTo(5050);
      workers.forEach(Task::cancel);
    });
  }

  @Test
  @DisplayName("Q-3 join waits again for what is put later; several may join")
  void joinAgain() {
    run(() -> {
      Queue<Integer> queue = new Queue<>();
      queue.putNowait(1);
      for (String name : List.of("a", "b")) {
        createTask(() -> {
          queue.join();
          trace.add(name);
        });
      }
      ticks(2);
      queue.getNowait();
      ticks(2);
      trace.assertEvents();
      queue.taskDone();
      ticks(2);
      trace.assertEvents("a", "b");
      queue.putNowait(2);
      createTask(() -> {
        queue.join();
        trace.add("c");
      });
      ticks(2);
      trace.assertEvents();
      queue.taskDone();
      ticks(2);
      trace.assertEvents("c");
    });
  }
}
