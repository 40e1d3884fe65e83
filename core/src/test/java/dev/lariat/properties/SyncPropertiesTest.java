package dev.lariat.properties;

import static dev.lariat.Asyncio.sleep;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lariat.CancelledError;
import dev.lariat.Task;
import dev.lariat.hazards.VirtualLoop;
import dev.lariat.sync.Lock;
import dev.lariat.sync.Semaphore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/**
 * Random programs in which tasks come, wait, get in, stay, and are cancelled at any point of that.
 */
@Label("Locks and semaphores under random cancels")
class SyncPropertiesTest {
  @Provide
  Arbitrary<List<Plan>> plans() {
    return Plan.lists();
  }

  /** Who asked, who got in, who is in. */
  private static final class Door {
    private final List<Integer> asked = new ArrayList<>();
    private final List<Integer> entered = new ArrayList<>();
    private int inside;
    private int most;

    void enter(int number, Plan plan) {
      entered.add(number);
      inside++;
      most = Math.max(most, inside);
      try {
        plan.stay();
      } finally {
        inside--;
      }
    }

    /** Everybody got in, in the order they asked, but for those who were cancelled waiting. */
    void check(List<Plan> plans, List<Task<Void>> tasks, int permits) {
      assertThat(most).isLessThanOrEqualTo(permits);
      assertThat(inside).isZero();
      List<Integer> expected = new ArrayList<>(asked);
      expected.retainAll(entered);
      assertThat(entered).as("first come, first served").isEqualTo(expected);
      for (int i = 0; i < plans.size(); i++) {
        assertThat(tasks.get(i).done()).as("task %d waits for ever", i).isTrue();
        if (plans.get(i).cancelledAt() < 0) {
          assertThat(entered).contains(i);
          assertThat(tasks.get(i).exception()).isNull();
        }
      }
    }
  }

  @Property(tries = 2_000, edgeCases = EdgeCasesMode.NONE)
  @Label("a semaphore never admits more than its permits, is FIFO, and loses no permit (SE-1)")
  void semaphore(
      @ForAll("plans") List<Plan> plans, @ForAll @IntRange(min = 1, max = 3) int permits) {
    VirtualLoop.run(() -> {
      Semaphore semaphore = new Semaphore(permits);
      Door door = new Door();
      List<Task<Void>> tasks =
          Plan.run(
              plans,
              (number, plan) -> {
                door.asked.add(number);
                semaphore.withPermit(() -> door.enter(number, plan));
              });
      door.check(plans, tasks, permits);
      for (int i = 0; i < permits; i++) {
        assertThat(semaphore.locked()).as("permit %d is lost", i).isFalse();
        semaphore.acquire();
      }
      assertThat(semaphore.locked()).isTrue();
    });
  }

  @Property(tries = 2_000, edgeCases = EdgeCasesMode.NONE)
  @Label("a lock is held by one at a time, is FIFO, and no wake-up is lost (LK-1, LK-2)")
  void lock(@ForAll("plans") List<Plan> plans) {
    VirtualLoop.run(() -> {
      Lock lock = new Lock();
      Door door = new Door();
      List<Task<Void>> tasks =
          Plan.run(
              plans,
              (number, plan) -> {
                door.asked.add(number);
                lock.withLock(() -> door.enter(number, plan));
              });
      door.check(plans, tasks, 1);
      assertThat(lock.locked()).isFalse();
    });
  }

  @Property(tries = 1_000, edgeCases = EdgeCasesMode.NONE)
  @Label("a task that swallows its cancel and asks again is admitted like any other (LK-2, CAN-3)")
  void lockWithStubbornTasks(@ForAll("plans") List<Plan> plans) {
    VirtualLoop.run(() -> {
      Lock lock = new Lock();
      Door door = new Door();
      List<Task<Void>> tasks =
          Plan.run(
              plans,
              (number, plan) -> {
                while (true) {
                  try {
                    lock.withLock(() -> door.enter(number, plan));
                    return;
                  } catch (CancelledError cancelled) {
                    sleep(Duration.ZERO);
                  }
                }
              });
      assertThat(door.most).isEqualTo(door.entered.isEmpty() ? 0 : 1);
      assertThat(lock.locked()).isFalse();
      for (int i = 0; i < plans.size(); i++) {
        boolean neverStarted = !door.entered.contains(i);
        assertThat(tasks.get(i).done()).isTrue();
        assertThat(tasks.get(i).cancelled()).isEqualTo(neverStarted);
      }
    });
  }
}
