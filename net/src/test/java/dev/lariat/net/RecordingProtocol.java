package dev.lariat.net;

import dev.lariat.Future;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Notes what it is told. */
class RecordingProtocol implements Protocol {
  final List<String> events = new ArrayList<>();
  final ByteArrayOutputStream data = new ByteArrayOutputStream();
  final Future<Void> lost = dev.lariat.Asyncio.getRunningLoop().createFuture();
  boolean keepOpen;
  @Nullable Transport transport;
  @Nullable Throwable cause;

  @Override
  public void connectionMade(BaseTransport made) {
    transport = (Transport) made;
    events.add("made");
  }

  @Override
  public void dataReceived(byte[] received) {
    data.writeBytes(received);
    if (!events.getLast().equals("data")) {
      events.add("data");
    }
  }

  @Override
  public boolean eofReceived() {
    events.add("eof");
    return keepOpen;
  }

  @Override
  public void pauseWriting() {
    events.add("pause");
  }

  @Override
  public void resumeWriting() {
    events.add("resume");
  }

  @Override
  public void connectionLost(Throwable why) {
    events.add("lost");
    cause = why;
    lost.setResult(null);
  }

  String text() {
    return StreamFixtures.text(data.toByteArray());
  }
}
