package dev.lariat.examples;

import static dev.lariat.Asyncio.*;

import dev.lariat.EventLoop;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * A loop in a thread of its own, which other threads give coroutines to: for a program whose main
 * thread is busy with something else, such as the requests of a web server.
 *
 * <pre>{@code
 * future = asyncio.run_coroutine_threadsafe(coroutine, loop)
 * }</pre>
 */
class RunCoroutineThreadsafe {
  static void main() throws InterruptedException {
    EventLoop loop = newEventLoop();
    Thread worker = Thread.ofPlatform().name("worker").start(loop::runForever);
    program(loop);
    loop.callSoonThreadsafe(loop::stop);
    worker.join();
    loop.close();
  }

  static int square(int n) {
    sleep(Duration.ofMillis(10));
    IO.println("computed in the " + Thread.currentThread().getName());
    return n * n;
  }

  static void program(EventLoop loop) {
    CompletableFuture<Integer> future = runCoroutineThreadsafe(() -> square(7), loop);
    IO.println("received: " + future.join());
  }
}
