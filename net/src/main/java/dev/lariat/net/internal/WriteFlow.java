package dev.lariat.net.internal;

import dev.lariat.EventLoop;
import dev.lariat.net.BaseProtocol;
import dev.lariat.net.WriteTransport;
import org.jspecify.annotations.Nullable;

/**
 * asyncio's flow control: tells the protocol when what is written and not sent crosses a water
 * mark. Models {@code _FlowControlMixin}.
 */
public final class WriteFlow {
  private static final int HIGH = 64 * 1024;

  private final EventLoop loop;
  private int high = HIGH;
  private int low = HIGH / 4;
  private boolean paused;

  public WriteFlow(EventLoop loop) {
    this.loop = loop;
  }

  public WriteTransport.BufferLimits limits() {
    return new WriteTransport.BufferLimits(low, high);
  }

  public void setLimits(@Nullable Integer newHigh, @Nullable Integer newLow) {
    int chosenHigh = newHigh != null ? newHigh : newLow != null ? fourTimes(newLow) : HIGH;
    int chosenLow = newLow != null ? newLow : chosenHigh / 4;
    if (chosenLow < 0 || chosenHigh < chosenLow) {
      throw new IllegalArgumentException(
          "high (" + chosenHigh + ") must be >= low (" + chosenLow + ") must be >= 0");
    }
    high = chosenHigh;
    low = chosenLow;
  }

  private static int fourTimes(int low) {
    return Math.clamp(4L * low, Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  public void maybePause(BaseProtocol protocol, long unsent) {
    if (!paused && unsent > high) {
      paused = true;
      tell(protocol::pauseWriting, "protocol.pauseWriting() failed");
    }
  }

  public void maybeResume(BaseProtocol protocol, long unsent) {
    if (paused && unsent <= low) {
      paused = false;
      tell(protocol::resumeWriting, "protocol.resumeWriting() failed");
    }
  }

  private void tell(Runnable callback, String failed) {
    Callbacks.runAndReport(loop, callback, failed);
  }
}
