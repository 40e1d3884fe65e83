package dev.lariat.properties;

import static dev.lariat.Asyncio.gather;
import static dev.lariat.Asyncio.gatherReturnExceptions;
import static dev.lariat.Asyncio.getRunningLoop;
import static dev.lariat.Asyncio.sleep;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lariat.Coroutine;
import dev.lariat.EventLoop;
import dev.lariat.TimerHandle;
import dev.lariat.hazards.VirtualLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** What the order of things is, on the public interface, for programs made up at random. */
@Label("Scheduling order")
class SchedulingPropertiesTest {
  /** A callback that schedules these when it runs. */
  private record Node(List<Node> children) {}

  @Provide
  Arbitrary<Node> nodes() {
    return Arbitraries.recursive(
        () -> Arbitraries.just(new Node(List.of())),
        inner -> inner.list().ofMaxSize(4).map(Node::new),
        0,
        5);
  }

  @Property(tries = 300)
  @Label(
      "callSoon is first in, first out; what a callback schedules runs in the next iteration (LOOP-6)")
  void callSoonRunsLevelByLevel(@ForAll("nodes") Node root) {
    List<Node> ran = new ArrayList<>();
    List<Integer> iterations = new ArrayList<>();
    try (EventLoop loop = VirtualLoop.create()) {
      int[] iteration = {0};
      Runnable ticker =
          new Runnable() {
            @Override
            public void run() { // the last callback of every iteration: timers come behind the rest
              iteration[0]++;
              if (iteration[0] < 20) {
                loop.callLater(Duration.ZERO, this);
              } else {
                loop.stop();
              }
            }
          };
      loop.callLater(Duration.ZERO, ticker);
      schedule(root, loop, ran, iterations, iteration);
      loop.runForever();
    }
    List<Node> level = List.of(root);
    int at = 0;
    for (int depth = 0; !level.isEmpty(); depth++) {
      List<Node> next = new ArrayList<>();
      for (Node node : level) {
        assertThat(ran.get(at)).isSameAs(node);
        assertThat(iterations.get(at)).isEqualTo(depth);
        next.addAll(node.children);
        at++;
      }
      level = next;
    }
    assertThat(ran).hasSize(at);
  }

  private static void schedule(
      Node node, EventLoop loop, List<Node> ran, List<Integer> iterations, int[] iteration) {
    // Each Node is made anew by the generator, but the empty ones may be one object; hence isSameAs
    // above compares what was scheduled where, and the count is checked apart.
    loop.callSoon(() -> {
      ran.add(node);
      iterations.add(iteration[0]);
      node.children.forEach(child -> schedule(child, loop, ran, iterations, iteration));
    });
  }

  private record TimerPlan(int delay, boolean absolute, boolean cancelled) {}

  @Provide
  Arbitrary<List<TimerPlan>> timers() {
    Arbitrary<Boolean> either = Arbitraries.of(true, false);
    return Combinators.combine(Arbitraries.integers().between(-2, 6), either, either)
        .as(TimerPlan::new)
        .list()
        .ofMaxSize(120);
  }

  @Property(tries = 300)
  @Label("callLater and callAt run by deadline, equal ones in the order they were made (LOOP-7)")
  void timersByDeadline(@ForAll("timers") List<TimerPlan> plans) {
    List<Integer> ran = new ArrayList<>();
    VirtualLoop.run(() -> {
      EventLoop loop = getRunningLoop();
      sleep(Duration.ofMillis(10));
      List<TimerHandle> handles = new ArrayList<>();
      for (int i = 0; i < plans.size(); i++) {
        int number = i;
        TimerPlan plan = plans.get(i);
        Duration delay = Duration.ofMillis(plan.delay);
        Duration due = loop.time().plus(delay);
        Runnable callback =
            () -> {
              ran.add(number);
              assertThat(loop.time()).isGreaterThanOrEqualTo(due);
              if (plan.delay > 0) {
                assertThat(loop.time()).isEqualTo(due);
              }
            };
        handles.add(plan.absolute ? loop.callAt(due, callback) : loop.callLater(delay, callback));
      }
      for (int i = 0; i < plans.size(); i++) {
        if (plans.get(i).cancelled) {
          handles.get(i).cancel();
        }
      }
      sleep(Duration.ofMillis(100));
    });
    List<Integer> expected = new ArrayList<>();
    for (int i = 0; i < plans.size(); i++) {
      if (!plans.get(i).cancelled) {
        expected.add(i);
      }
    }
    expected.sort(Comparator.comparingInt(i -> plans.get(i).delay));
    assertThat(ran).isEqualTo(expected);
  }

  private record Job(int delay, boolean fails) {}

  @Provide
  Arbitrary<List<Job>> jobs() {
    return Combinators.combine(Arbitraries.integers().between(0, 5), Arbitraries.of(true, false))
        .as(Job::new)
        .list()
        .ofMaxSize(30);
  }

  @Property(tries = 200)
  @Label("gather gives the values in the order of the arguments, however long each takes (GA-1)")
  void gatherKeepsOrder(@ForAll @Size(max = 30) List<@IntRange(max = 5) Integer> delays) {
    VirtualLoop.run(() -> {
      List<Coroutine<Integer>> coroutines = new ArrayList<>();
      for (int i = 0; i < delays.size(); i++) {
        int number = i;
        coroutines.add(() -> sleep(Duration.ofMillis(delays.get(number)), number));
      }
      List<Integer> values = gather(coroutines).await();
      assertThat(values).hasSize(delays.size()).isSorted().doesNotHaveDuplicates();
    });
  }

  @Property(tries = 200)
  @Label("gatherReturnExceptions puts each exception where its value would be (GA-3)")
  void gatherKeepsOrderOfFailures(@ForAll("jobs") List<Job> jobs) {
    VirtualLoop.run(() -> {
      List<Coroutine<Integer>> coroutines = new ArrayList<>();
      for (int i = 0; i < jobs.size(); i++) {
        int number = i;
        Job job = jobs.get(i);
        coroutines.add(() -> {
          sleep(Duration.ofMillis(job.delay));
          if (job.fails) {
            throw new IllegalArgumentException("" + number);
          }
          return number;
        });
      }
      List<Object> outcomes = gatherReturnExceptions(coroutines).await();
      assertThat(outcomes).hasSize(jobs.size());
      for (int i = 0; i < jobs.size(); i++) {
        Object outcome = outcomes.get(i);
        if (jobs.get(i).fails) {
          assertThat((Throwable) outcome).hasMessage("" + i);
        } else {
          assertThat(outcome).isEqualTo(i);
        }
      }
    });
  }

  @Property(tries = 100)
  @Label("the same random program gives the same events in the same order, twice")
  void deterministic(@ForAll("jobs") List<Job> jobs) {
    assertThat(events(jobs)).isEqualTo(events(jobs));
  }

  private static List<String> events(List<Job> jobs) {
    List<String> events = new ArrayList<>();
    VirtualLoop.run(() -> {
      List<Coroutine<Object>> coroutines = new ArrayList<>();
      for (int i = 0; i < jobs.size(); i++) {
        int number = i;
        Job job = jobs.get(i);
        coroutines.add(() -> {
          events.add("start " + number);
          for (int step = 0; step < job.delay; step++) {
            sleep(Duration.ofMillis(job.fails ? 0 : step));
            events.add(number + "." + step + " at " + getRunningLoop().time());
          }
          return null;
        });
      }
      gather(coroutines).await();
    });
    return events;
  }
}
