package dev.lariat.examples;

import static dev.lariat.Asyncio.*;

import dev.lariat.Coroutine;
import dev.lariat.Future;
import dev.lariat.Task;

/**
 * Coroutines, futures and tasks are awaitables: each can be awaited.
 *
 * <p>A coroutine object of Python can be awaited once. A {@link Coroutine} is the function, not one
 * call of it, so each await runs it anew. Futures and tasks have one outcome, and give it as often
 * as they are asked.
 */
class Awaitables {
  static void main() {
    run(Awaitables::program);
  }

  static void program() {
    int[] calls = {0};
    Coroutine<String> coroutine = () -> "call " + ++calls[0];
    IO.println("coroutine: " + await(coroutine) + ", " + await(coroutine));

    Task<String> task = createTask(coroutine);
    IO.println("task: " + await(task) + ", " + await(task));

    Future<String> future = getRunningLoop().createFuture();
    future.setResult("a value");
    IO.println("future: " + await(future) + ", " + await(future));
  }
}
