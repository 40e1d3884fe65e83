package dev.lariat.properties;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lariat.internal.loop.TimerHeap;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** The heap against a list that is sorted by deadline, stably. */
@Label("TimerHeap: by deadline, then by insertion, without the cancelled (LOOP-7, LOOP-10)")
class TimerHeapPropertiesTest {
  private static final class Timer {
    final long deadline;
    boolean cancelled;
    boolean inHeap = true;

    Timer(long deadline) {
      this.deadline = deadline;
    }
  }

  private interface Step {
    void run(Machine machine);
  }

  /** The heap and the list that it must agree with. */
  private static final class Machine {
    private final TimerHeap<Timer> heap = new TimerHeap<>(timer -> timer.cancelled);
    private final List<Timer> all = new ArrayList<>();
    private List<Timer> model = new ArrayList<>();
    private long now;

    void add(long delay) {
      Timer timer = new Timer(now + delay);
      all.add(timer);
      heap.add(timer, timer.deadline);
      model.add(timer);
      model.sort(Comparator.comparingLong(t -> t.deadline)); // a stable sort
    }

    void cancel(int which) {
      if (all.isEmpty()) {
        return;
      }
      Timer timer = all.get(which % all.size());
      if (!timer.cancelled) {
        timer.cancelled = true;
        if (timer.inHeap) {
          heap.noteCancelled();
        }
        model.remove(timer);
      }
    }

    void advance(long time) {
      now += time;
      for (Timer timer = heap.pollDue(now); timer != null; timer = heap.pollDue(now)) {
        assertThat(model).isNotEmpty();
        assertThat(timer).isSameAs(model.removeFirst());
        assertThat(timer.deadline).isLessThanOrEqualTo(now);
        timer.inHeap = false;
      }
      check();
    }

    void clear() {
      heap.clear();
      all.clear();
      model = new ArrayList<>();
    }

    void check() {
      assertThat(heap.nextDeadline())
          .isEqualTo(model.isEmpty() ? Long.MAX_VALUE : model.getFirst().deadline);
      if (!model.isEmpty()) {
        assertThat(heap.isEmpty()).isFalse();
        assertThat(model.getFirst().deadline).isGreaterThan(now);
      }
    }
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<Step> add = Arbitraries.longs().between(0, 20).map(delay -> m -> m.add(delay));
    Arbitrary<Step> cancel = Arbitraries.integers().between(0, 10_000).map(i -> m -> m.cancel(i));
    Arbitrary<Step> advance = Arbitraries.longs().between(0, 5).map(time -> m -> m.advance(time));
    // Mostly adds and cancels: compaction begins with 64 timers of which more than half are
    // cancelled.
    return Arbitraries.frequencyOf(Tuple.of(60, add), Tuple.of(60, cancel), Tuple.of(1, advance))
        .list()
        .ofMinSize(200)
        .ofMaxSize(600);
  }

  @Property(tries = 100)
  @Label("clear empties it, and it can be used again")
  void clear(@ForAll("steps") List<Step> before, @ForAll("steps") List<Step> after) {
    Machine machine = new Machine();
    before.forEach(step -> step.run(machine));
    machine.clear();
    assertThat(machine.heap.isEmpty()).isTrue();
    after.forEach(step -> step.run(machine));
    machine.advance(1_000);
    assertThat(machine.model).isEmpty();
  }

  @Property(tries = 300)
  @Label("agrees with a sorted list, whatever is added, cancelled and polled")
  void agreesWithModel(@ForAll("steps") List<Step> steps) {
    Machine machine = new Machine();
    steps.forEach(step -> step.run(machine));
    machine.advance(1_000);
    assertThat(machine.model).isEmpty();
    assertThat(machine.heap.nextDeadline()).isEqualTo(Long.MAX_VALUE);
    assertThat(machine.heap.isEmpty()).isTrue();
  }

  @Property(tries = 100)
  @Label("equal deadlines are first in, first out, though most are cancelled in between")
  void equalDeadlines(@ForAll List<Boolean> kept) {
    TimerHeap<Timer> heap = new TimerHeap<>(timer -> timer.cancelled);
    List<Timer> expected = new ArrayList<>();
    List<Timer> doomed = new ArrayList<>();
    for (int repeat = 0; repeat < 20; repeat++) {
      for (boolean keep : kept) {
        Timer timer = new Timer(7);
        heap.add(timer, 7);
        (keep ? expected : doomed).add(timer);
      }
    }
    for (Timer timer : doomed) {
      timer.cancelled = true;
      heap.noteCancelled();
    }
    List<Timer> polled = new ArrayList<>();
    for (Timer timer = heap.pollDue(7); timer != null; timer = heap.pollDue(7)) {
      polled.add(timer);
    }
    assertThat(polled).containsExactlyElementsOf(expected);
  }

  @Property(tries = 50)
  @Label("deadlines of Long.MAX_VALUE are never due before the end of time")
  void never(@ForAll long now) {
    TimerHeap<Timer> heap = new TimerHeap<>(timer -> timer.cancelled);
    heap.add(new Timer(Long.MAX_VALUE), Long.MAX_VALUE);
    if (now != Long.MAX_VALUE) {
      assertThat(heap.pollDue(now)).isNull();
    }
    assertThat(heap.isEmpty()).isFalse();
  }
}
