package dev.lariat.acceptance.sync;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.acceptance.several.Programs.newLoop;
import static dev.lariat.acceptance.several.Programs.tick;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.Action;
import dev.lariat.EventLoop;
import dev.lariat.Task;
import dev.lariat.host.DeadlockException;
import dev.lariat.queue.Queue;
import dev.lariat.sync.Barrier;
import dev.lariat.sync.Condition;
import dev.lariat.sync.Event;
import dev.lariat.sync.Lock;
import dev.lariat.sync.Semaphore;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A primitive belongs to the loop that a task first blocked on it in. */
class LoopBindingTest {
  private final EventLoop first = newLoop();
  private final EventLoop second = newLoop();

  /** Something to block on, by one means and by another. */
  record Primitive(String name, Action block, Action blockOtherwise) {
    Primitive(String name, Action block) {
      this(name, block, block);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Primitive> primitives() {
    Lock lock = new Lock();
    Event event = new Event();
    Condition condition = new Condition();
    Semaphore semaphore = new Semaphore(0);
    Barrier barrier = new Barrier(3);
    Queue<Integer> empty = new Queue<>();
    Queue<Integer> full = new Queue<>(1);
    full.putNowait(1);
    Queue<Integer> queue = new Queue<>(1);
    return Stream.of(
        new Primitive(
            "lock",
            () -> {
              if (!lock.locked()) {
                lock.acquire();
              }
              lock.acquire();
            }),
        new Primitive("event", event::await),
        new Primitive("condition", () -> condition.withLock(() -> condition.await())),
        new Primitive("semaphore", semaphore::acquire),
        new Primitive("barrier", barrier::await),
        new Primitive("getters", empty::get),
        new Primitive("putters", () -> full.put(2)),
        new Primitive(
            "getters, then putters",
            queue::get,
            () -> {
              if (!queue.full()) {
                queue.putNowait(1);
              }
              queue.put(2);
            }));
  }

  @AfterEach
  void closeLoops() {
    for (EventLoop loop : new EventLoop[] {first, second}) {
      loop.setExceptionHandler((where, context) -> {}); // tasks that still wait are meant to
      loop.close();
    }
  }

  /** Lets a task block in the first loop, and go on blocking while that does not run. */
  private Task<Void> blockInFirst(Action block) {
    Task<Void> blocked = first.createTask(block);
    first.runUntilComplete(() -> tick());
    assertThat(blocked.done()).isFalse();
    return blocked;
  }

  @ParameterizedTest
  @MethodSource("primitives")
  @DisplayName("LB-1 blocking in another loop than the first fails")
  void anotherLoop(Primitive primitive) {
    blockInFirst(primitive.block());
    assertThatIllegalStateException()
        .isThrownBy(() -> second.runUntilComplete(primitive.blockOtherwise()))
        .withMessageContaining("is bound to a different event loop");
  }

  @ParameterizedTest
  @MethodSource("primitives")
  @DisplayName("LB-1 also when nobody waits in the first loop any more")
  void anotherLoopLater(Primitive primitive) {
    Task<Void> blocked = blockInFirst(primitive.block());
    blocked.cancel();
    first.runUntilComplete(() -> tick());
    assertThat(blocked.cancelled()).isTrue();
    assertThatIllegalStateException()
        .isThrownBy(() -> second.runUntilComplete(primitive.blockOtherwise()))
        .withMessageContaining("is bound to a different event loop");
    assertThatThrownBy(() -> first.runUntilComplete(primitive.blockOtherwise()))
        .as("the first loop may still block")
        .isInstanceOf(DeadlockException.class);
  }

  @Test
  @DisplayName("LB-1 using a primitive without blocking binds it to no loop")
  void withoutBlocking() {
    Lock lock = new Lock();
    Semaphore semaphore = new Semaphore();
    Event event = new Event();
    Queue<Integer> queue = new Queue<>();
    Barrier barrier = new Barrier(1);
    Action use =
        () -> {
          lock.withLock(() -> tick());
          semaphore.withPermit(() -> tick());
          event.set();
          event.await();
          queue.put(1);
          assertThat(queue.get()).isEqualTo(1);
          barrier.await();
        };
    first.runUntilComplete(use);
    second.runUntilComplete(use);
    second.runUntilComplete(() -> lock.withLock(() -> createTask(() -> tick()).await()));
  }

  @Test
  @DisplayName("LB-1 a condition that refuses another loop disturbs nobody in its own")
  void refusedConditionWakesNobody() {
    Condition condition = new Condition();
    Task<Void> blocked = blockInFirst(() -> condition.withLock(() -> condition.await()));
    assertThatIllegalStateException()
        .isThrownBy(() ->
            second.runUntilComplete(() -> {
              condition.acquire();
              try {
                condition.await();
              } finally {
                assertThat(condition.locked()).as("it still has the lock").isTrue();
                condition.release();
              }
            }));
    first.runUntilComplete(() -> {
      tick();
      tick();
    });
    assertThat(blocked.done()).isFalse();
  }

  @Test
  @DisplayName("LB-1 conditions of one lock in two loops: the lock refuses the second")
  void sharedLock() {
    Lock lock = new Lock();
    blockInFirst(() -> {
      lock.acquire();
      lock.acquire();
    });
    Condition condition = new Condition(lock);
    assertThatIllegalStateException()
        .isThrownBy(() -> second.runUntilComplete(() -> condition.acquire()))
        .withMessageContaining("is bound to a different event loop");
  }
}
