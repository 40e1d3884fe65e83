package dev.lariat.process;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Has children use the JDK's pipes and a thread for each, as where the poller has none: on NIO. */
final class PumpThreads implements BeforeEachCallback, AfterEachCallback {
  private static final String PROPERTY = "lariat.process.pipes";

  static boolean areUsed() {
    return "threads".equals(System.getProperty(PROPERTY))
        || "nio".equals(System.getProperty("lariat.net.transport"));
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    System.setProperty(PROPERTY, "threads");
  }

  @Override
  public void afterEach(ExtensionContext context) {
    System.clearProperty(PROPERTY);
  }
}
