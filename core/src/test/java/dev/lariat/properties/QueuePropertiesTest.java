package dev.lariat.properties;

import static dev.lariat.Asyncio.sleep;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lariat.Task;
import dev.lariat.hazards.VirtualLoop;
import dev.lariat.queue.Queue;
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

/** Random programs of getters and putters, which are cancelled at any point. */
@Label("Queues under random cancels")
class QueuePropertiesTest {
  @Provide
  Arbitrary<List<Plan>> plans() {
    return Plan.lists();
  }

  @Property(tries = 2_000, edgeCases = EdgeCasesMode.NONE)
  @Label(
      "each item that was put is got once, in order, or is still there; nobody sleeps in front of it (Q-1, Q-2)")
  void everyItemOnce(
      @ForAll("plans") List<Plan> plans,
      @ForAll @IntRange(max = 3) int maxsize,
      @ForAll @IntRange(min = 1, max = 3) int each,
      @ForAll List<Boolean> getter) {
    VirtualLoop.run(() -> {
      Queue<String> queue = new Queue<>(maxsize);
      List<String> put = new ArrayList<>();
      List<String> got = new ArrayList<>();
      int[] waiting = {0, 0}; // putters, getters
      List<Task<Void>> tasks =
          Plan.run(
              plans,
              (number, plan) -> {
                boolean gets = number < getter.size() ? getter.get(number) : number % 2 == 0;
                for (int i = 0; i < each; i++) {
                  waiting[gets ? 1 : 0]++;
                  try {
                    if (gets) {
                      got.add(queue.get());
                    } else {
                      String item = number + "." + i;
                      queue.put(item);
                      put.add(item);
                    }
                  } finally {
                    waiting[gets ? 1 : 0]--;
                  }
                  plan.stay();
                }
              });
      if (waiting[0] > 0) {
        assertThat(queue.full()).as("putters wait, and there is room").isTrue();
      }
      if (waiting[1] > 0) {
        assertThat(queue.empty()).as("getters wait, and there are items").isTrue();
      }
      assertThat(maxsize == 0 || queue.qsize() <= maxsize).isTrue();
      while (waiting[0] > 0 || !queue.empty()) {
        got.add(queue.get());
        sleep(Duration.ofMillis(100)); // the putters go on
      }
      assertThat(got).isEqualTo(put);
      assertThat(got).doesNotHaveDuplicates();
      tasks.forEach(Task::cancel);
      sleep(Duration.ZERO);
      assertThat(queue.toString())
          .isEqualTo(
              "Queue[maxsize="
                  + maxsize
                  + " qsize=0"
                  + (put.isEmpty() ? "]" : " tasks=" + put.size() + "]"));
    });
  }
}
