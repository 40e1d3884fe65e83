package dev.lariat.swt;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.getRunningLoop;
import static dev.lariat.Asyncio.sleep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import jdk.internal.vm.Continuation;
import jdk.internal.vm.ContinuationScope;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Shell;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Why a turn may be an asyncExec, which SWT runs inside a monitor. */
@DisplayName("Monitors held beneath tasks, on SWT")
class MonitorsTest {
  @Test
  @DisplayName(
      "the hazard: a bare continuation that yields in an asyncExec takes SWT's monitor along")
  void theHazard() throws Throwable {
    DisplayThread.run(() -> {
      ContinuationScope scope = new ContinuationScope("a test's");
      Display display = Display.getCurrent();
      display.asyncExec(() -> new Continuation(scope, () -> Continuation.yield(scope)).run());
      assertThatThrownBy(
              () -> {
                while (display.readAndDispatch()) {
                  // until that asyncExec
                }
              })
          .isInstanceOf(IllegalMonitorStateException.class);
    });
  }

  @Test
  @DisplayName("100,000 suspensions in asyncExecs leave it where it is, turn by turn")
  void manyTurns() throws Throwable {
    DisplayThread.virtualTime(() -> {
      getRunningLoop().setTurnBudget(Duration.ZERO);
      List<Task<Void>> tasks = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        tasks.add(
            createTask(() -> {
              for (int step = 0; step < 10_000; step++) {
                sleep(Duration.ZERO); // SWT would throw, as above
              }
            }));
      }
      for (Task<Void> task : tasks) {
        task.await();
      }
    });
  }

  @Test
  @DisplayName("a listener's monitor survives tasks that suspend in a dialog on top of it")
  void listenersMonitor() throws Throwable {
    DisplayThread.virtualTime(() -> {
      // Uncut, or virtual time finds nothing left to do just before the dialog's loop ends.
      getRunningLoop().setTurnBudget(Duration.ofHours(1));
      Display display = Display.getCurrent();
      Object monitor = new Object();
      boolean[] held = {false};
      Task<Void> other =
          createTask(() -> {
            for (int i = 0; i < 1000; i++) {
              sleep(Duration.ofMillis(1));
            }
          });
      var end = getRunningLoop().createFuture();
      display.asyncExec(() -> {
        synchronized (monitor) {
          Shell dialog = new Shell(display);
          other.addDoneCallback(_ -> dialog.dispose());
          while (!dialog.isDisposed()) {
            if (!display.readAndDispatch()) {
              display.sleep();
            }
          }
          held[0] = Thread.holdsLock(monitor);
        }
        end.setResult(null);
      });
      end.await();
      assertThat(held[0]).isTrue();
    });
  }
}
