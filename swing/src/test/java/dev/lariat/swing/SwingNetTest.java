package dev.lariat.swing;

import dev.lariat.host.Host;
import dev.lariat.net.GuestNetContract;
import java.awt.SecondaryLoop;
import java.awt.Toolkit;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.function.Executable;

@DisplayName("Networking, subprocesses and signals on Swing's event dispatch thread")
class SwingNetTest extends GuestNetContract {
  @Override
  protected void onHostThread(Executable test) throws Throwable {
    Edt.run(test);
  }

  @Override
  protected Host newHost() {
    return new SwingHost();
  }

  @Override
  protected void runDialog(Consumer<Runnable> opening) {
    SecondaryLoop loop = Toolkit.getDefaultToolkit().getSystemEventQueue().createSecondaryLoop();
    opening.accept(loop::exit);
    loop.enter();
  }
}
