package dev.lariat.examples;

import static dev.lariat.Asyncio.*;

import dev.lariat.EventLoop;
import dev.lariat.TimerHandle;
import java.time.Duration;

/**
 * Plain functions, called by the loop: soon, or after a while.
 *
 * <pre>{@code
 * loop.call_soon(functools.partial(callable, arg1, arg2))
 * loop.call_later(delay, callable)
 * }</pre>
 *
 * <p>Each call returns a handle, which cancels it. A callback cannot await; it can create a task.
 */
class Callbacks {
  static void main() {
    run(Callbacks::program);
  }

  static void greet(String greeting, String name) {
    IO.println(greeting + ", " + name);
  }

  static void program() {
    EventLoop loop = getRunningLoop();
    loop.callLater(Duration.ofSeconds(2), () -> greet("Good night", "Bob"));
    loop.callLater(Duration.ofSeconds(1), () -> greet("Good evening", "Alice"));
    TimerHandle never = loop.callLater(Duration.ofSeconds(1), () -> greet("Hello", "nobody"));
    loop.callSoon(() -> greet("Good morning", "everybody"));
    never.cancel();

    IO.println("nothing has been called yet");
    sleep(Duration.ofSeconds(3));
  }
}
