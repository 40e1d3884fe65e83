package dev.lariat.examples;

import static dev.lariat.Asyncio.*;

import dev.lariat.EventLoop;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Code that blocks its thread, run in another thread, so that the loop goes on.
 *
 * <pre>{@code
 * fn = functools.partial(method, *args)
 * result = await loop.run_in_executor(None, fn)
 * }</pre>
 *
 * <p>The default executor starts a virtual thread for each call. Any other can be given.
 */
class RunInExecutor {
  static void main() {
    run(RunInExecutor::program);
  }

  static String method(String argument) {
    Thread thread = Thread.currentThread();
    return argument + " in " + (thread.isVirtual() ? "a virtual thread" : thread.getName());
  }

  static void program() {
    EventLoop loop = getRunningLoop();
    IO.println(loop.runInExecutor(null, () -> method("called")).await());

    try (ExecutorService executor =
        Executors.newSingleThreadExecutor(Thread.ofPlatform().name("the executor").factory())) {
      IO.println(loop.runInExecutor(executor, () -> method("called")).await());
    }
  }
}
