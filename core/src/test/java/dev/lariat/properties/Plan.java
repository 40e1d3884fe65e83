package dev.lariat.properties;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.getRunningLoop;
import static dev.lariat.Asyncio.sleep;

import dev.lariat.Action;
import dev.lariat.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/**
 * What one task of a random program does, and when it is cancelled. The times are few, so that most
 * things happen at the same time as others: there the races are.
 *
 * @param arrives when it starts, in milliseconds
 * @param late how many iterations into that millisecond
 * @param stays how long it keeps what it got; 0 is one iteration
 * @param cancelledAt when it is cancelled, or -1
 * @param cancelledLate whether the cancel comes some iterations into that millisecond
 */
record Plan(int arrives, int late, int stays, int cancelledAt, int cancelledLate) {
  static Arbitrary<List<Plan>> lists() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 4),
            Arbitraries.integers().between(0, 2),
            Arbitraries.integers().between(0, 3),
            Arbitraries.integers().between(-6, 8).map(at -> Math.max(-1, at)),
            Arbitraries.integers().between(0, 3))
        .as(Plan::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(25);
  }

  /** The body of one task. */
  interface Body {
    void run(int number, Plan plan) throws Exception;
  }

  /** Runs one task for each plan, cancels those that are to be, and waits until all is quiet. */
  static List<Task<Void>> run(List<Plan> plans, Body body) {
    List<Task<Void>> tasks = new ArrayList<>();
    for (int i = 0; i < plans.size(); i++) {
      int number = i;
      Plan plan = plans.get(i);
      Action action =
          () -> {
            plan.arrive();
            body.run(number, plan);
          };
      Task<Void> task = createTask(action);
      tasks.add(task);
      if (plan.cancelledAt >= 0) {
        getRunningLoop()
            .callLater(Duration.ofMillis(plan.cancelledAt), () -> cancel(task, plan.cancelledLate));
      }
    }
    sleep(Duration.ofSeconds(1));
    return tasks;
  }

  private static void cancel(Task<?> task, int iterations) {
    if (iterations == 0) {
      task.cancel();
    } else {
      getRunningLoop().callSoon(() -> cancel(task, iterations - 1));
    }
  }

  /**
   * In small steps, so that its last timer is neither before nor behind all others of that time.
   */
  private void arrive() {
    for (int i = 0; i < arrives; i++) {
      sleep(Duration.ofMillis(1));
    }
    for (int i = 0; i < late; i++) {
      sleep(Duration.ZERO);
    }
  }

  /** Keeps what was got for as long as planned. */
  void stay() {
    sleep(Duration.ofMillis(stays));
  }
}
