package dev.lariat.examples.gtk;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.run;
import static dev.lariat.Asyncio.sleep;

import dev.lariat.Task;
import dev.lariat.glib.GLibEventLoop;
import java.time.Duration;

/** A task on GLib's main loop. */
public final class DoSomeWork {
  private DoSomeWork() {}

  static void doSomeWork() {
    sleep(Duration.ofSeconds(2));
    System.out.println("done working");
  }

  public static void main(String[] args) {
    run(
        () -> {
          Task<Void> task = createTask(DoSomeWork::doSomeWork);
          task.await();
        },
        GLibEventLoop::new);
  }
}
