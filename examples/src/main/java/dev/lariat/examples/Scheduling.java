package dev.lariat.examples;

import static dev.lariat.Asyncio.*;

import dev.lariat.Coroutine;
import java.time.Duration;

/**
 * Ways to have a coroutine run by itself, while the code that scheduled it goes on.
 *
 * <pre>{@code
 * async def coro_function(hostname):
 *     conn = await ...  # connect async to hostname somehow
 *
 * coro = coro_function("example.com")
 * asyncio.ensure_future(coro)
 *
 * asyncio.ensure_future(coro_function("example.com"))
 *
 * asyncio.get_event_loop().create_task(coro_function("example.com"))
 * }</pre>
 *
 * <p>In asyncio the program must keep a reference to such a task, or it may vanish half way. Here
 * the loop keeps it until it ends.
 */
class Scheduling {
  static void main() {
    run(Scheduling::program);
  }

  static String connect(String hostname) {
    IO.println("connecting to " + hostname);
    sleep(Duration.ofMillis(20)); // a real program would use the network
    IO.println("connected to " + hostname);
    return "a connection to " + hostname;
  }

  static void program() {
    Coroutine<String> coroutine = () -> connect("one.example.com");
    ensureFuture(coroutine);

    ensureFuture(() -> connect("two.example.com"));

    getEventLoop().createTask(() -> connect("three.example.com"));

    IO.println("scheduled, not started");
    sleep(Duration.ofMillis(30));
  }
}
