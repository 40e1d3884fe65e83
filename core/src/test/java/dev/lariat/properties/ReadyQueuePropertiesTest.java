package dev.lariat.properties;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lariat.internal.loop.ReadyQueue;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** The ring against the JDK's queue. */
@Label("ReadyQueue: first in, first out (LOOP-6)")
class ReadyQueuePropertiesTest {
  private interface Step {
    void run(Machine machine);
  }

  private static final class Machine {
    private final ReadyQueue queue = new ReadyQueue();
    private final Deque<Object> model = new ArrayDeque<>();

    void push(int count) {
      for (int i = 0; i < count; i++) {
        Object item = new Object();
        queue.push(item);
        model.add(item);
      }
    }

    void pop(int count) {
      for (int i = 0; i < count && !model.isEmpty(); i++) {
        assertThat(queue.pop()).isSameAs(model.remove());
      }
    }

    void remove(int which) {
      Object item = new Object(); // which is not there
      for (Object other : model) {
        if (which-- == 0) {
          item = other;
        }
      }
      queue.remove(item);
      model.remove(item);
    }

    void clear() {
      queue.clear();
      model.clear();
    }

    void check() {
      assertThat(queue.size()).isEqualTo(model.size());
      assertThat(queue.isEmpty()).isEqualTo(model.isEmpty());
    }
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    // Up to 100 at once, so that the ring of 64 grows, and wraps round at each possible place.
    Arbitrary<Step> push = Arbitraries.integers().between(1, 100).map(n -> m -> m.push(n));
    Arbitrary<Step> pop = Arbitraries.integers().between(1, 100).map(n -> m -> m.pop(n));
    Arbitrary<Step> remove = Arbitraries.integers().between(0, 200).map(n -> m -> m.remove(n));
    Arbitrary<Step> clear = Arbitraries.just(Machine::clear);
    return Arbitraries.frequencyOf(
            Tuple.of(10, push), Tuple.of(10, pop), Tuple.of(3, remove), Tuple.of(1, clear))
        .list()
        .ofMaxSize(60);
  }

  @Property(tries = 500)
  @Label("agrees with ArrayDeque, whatever is pushed, popped and removed")
  void agreesWithArrayDeque(@ForAll("steps") List<Step> steps) {
    Machine machine = new Machine();
    for (Step step : steps) {
      step.run(machine);
      machine.check();
    }
    machine.pop(Integer.MAX_VALUE);
    machine.check();
  }
}
