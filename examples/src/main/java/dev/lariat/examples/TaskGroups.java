package dev.lariat.examples;

import static dev.lariat.Asyncio.*;

import java.time.Duration;

/**
 * A block of code that is not left before all its tasks are done.
 *
 * <pre>{@code
 * async def main():
 *     async with asyncio.TaskGroup() as tg:
 *         task1 = tg.create_task(some_coroutine())
 *         task2 = tg.create_task(another_coroutine())
 *
 *     print("Both tasks are done!")
 * }</pre>
 *
 * <p>If one fails, the others are cancelled, and the failure leaves the block.
 */
class TaskGroups {
  static void main() {
    run(TaskGroups::program);
  }

  static void someCoroutine() {
    sleep(Duration.ofSeconds(2));
    IO.println("some coroutine");
  }

  static void anotherCoroutine() {
    sleep(Duration.ofSeconds(1));
    IO.println("another coroutine");
  }

  static void program() {
    taskGroup(group -> {
      group.createTask(TaskGroups::someCoroutine);
      group.createTask(TaskGroups::anotherCoroutine);
    });

    IO.println("Both tasks are done!");
  }
}
