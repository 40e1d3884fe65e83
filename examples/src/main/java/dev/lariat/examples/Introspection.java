package dev.lariat.examples;

import static dev.lariat.Asyncio.*;
import static dev.lariat.TaskOptions.named;
import static java.util.Objects.requireNonNull;

import dev.lariat.Coroutine;
import dev.lariat.Task;
import java.time.Duration;
import java.util.List;

/**
 * Who am I, who else is there, and is this a coroutine: {@code asyncio.current_task()}, {@code
 * asyncio.all_tasks()}, {@code asyncio.iscoroutine()}.
 */
class Introspection {
  static void main() {
    run(Introspection::program);
  }

  static List<String> names() {
    return allTasks().stream().map(Task::getName).sorted().toList();
  }

  static void program() {
    Task<?> self = requireNonNull(currentTask()); // null only in a plain callback
    self.setName("main");
    Task<Void> dinner = createTask(named("dinner"), () -> sleep(Duration.ofSeconds(1)));
    Task<Void> dessert = createTask(named("dessert"), () -> sleep(Duration.ofSeconds(2)));

    IO.println("this is " + self.getName());
    IO.println("in flight: " + names());
    dinner.await();
    IO.println("in flight: " + names());
    dessert.await();
    IO.println("in flight: " + names());

    Coroutine<Integer> coroutine = () -> 42;
    IO.println("is a coroutine: " + iscoroutine(coroutine));
    IO.println("a task is one: " + iscoroutine(self));
  }
}
