package dev.lariat.javafx;

import dev.lariat.host.Host;
import dev.lariat.net.GuestNetContract;
import java.util.function.Consumer;
import javafx.application.Platform;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.function.Executable;

@DisplayName("Networking, subprocesses and signals on JavaFX")
class JavaFxNetTest extends GuestNetContract {
  @Override
  protected void onHostThread(Executable test) throws Throwable {
    FxThread.run(test);
  }

  @Override
  protected Host newHost() {
    return new JavaFxHost();
  }

  @Override
  protected void runDialog(Consumer<Runnable> opening) {
    Object key = new Object();
    opening.accept(() -> Platform.exitNestedEventLoop(key, null));
    Platform.enterNestedEventLoop(key);
  }
}
