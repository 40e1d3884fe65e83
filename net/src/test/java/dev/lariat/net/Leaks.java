package dev.lariat.net;

import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Netty's leak detector, on paranoid, with its reports kept.
 *
 * <p>Netty takes the detector that there is when the first buffer is made, in whichever test, and
 * keeps it. So JUnit calls this before it runs any: it is one of its services.
 */
public final class Leaks implements LauncherSessionListener {
  private static final List<String> REPORTS = new CopyOnWriteArrayList<>();

  @Override
  public void launcherSessionOpened(LauncherSession session) {
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
    ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(
        new ResourceLeakDetectorFactory() {
          @Override
          @Deprecated
          public <T> ResourceLeakDetector<T> newResourceLeakDetector(
              Class<T> resource, int samplingInterval, long maxActive) {
            return detector(resource, samplingInterval);
          }

          @Override
          public <T> ResourceLeakDetector<T> newResourceLeakDetector(
              Class<T> resource, int samplingInterval) {
            return detector(resource, samplingInterval);
          }
        });
  }

  private static <T> ResourceLeakDetector<T> detector(Class<T> resource, int samplingInterval) {
    return new ResourceLeakDetector<>(resource, samplingInterval) {
      @Override
      protected boolean needReport() {
        return true;
      }

      @Override
      protected void reportTracedLeak(String type, String records) {
        REPORTS.add(type + " " + records);
      }

      @Override
      protected void reportUntracedLeak(String type) {
        REPORTS.add(type);
      }
    };
  }

  /** What has leaked since the last call. */
  static List<String> found() throws InterruptedException {
    for (int i = 0; i < 3; i++) {
      System.gc();
      Thread.sleep(30); // real time: references are enqueued by another thread
      ByteBufAllocator.DEFAULT.buffer().release(); // which is when the detector looks
    }
    List<String> found = List.copyOf(REPORTS);
    REPORTS.clear();
    return found;
  }
}
