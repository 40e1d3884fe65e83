package dev.lariat.examples;

import static dev.lariat.Asyncio.*;

import dev.lariat.Task;

/**
 * A task is scheduled when it is created, and runs when its creator waits.
 *
 * <pre>{@code
 * async def nested():
 *     return 42
 *
 * async def main():
 *     task = asyncio.create_task(nested())
 *     await task
 * }</pre>
 */
class CreateTask {
  static void main() {
    run(CreateTask::program);
  }

  static int nested() {
    return 42;
  }

  static void program() {
    Task<Integer> task = createTask(CreateTask::nested);
    IO.println("done: " + task.done());
    IO.println(task.await());
    IO.println("done: " + task.done());
  }
}
