package dev.lariat.benchmarks.gio;

import dev.lariat.Future;
import dev.lariat.cli.bench.Benchmark;
import dev.lariat.cli.bench.Rounds;
import dev.lariat.gio.FileAwait;
import dev.lariat.gio.InputStreamAwait;
import dev.lariat.glib.GLibEventLoop;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.gnome.gio.AsyncReadyCallback;
import org.gnome.gio.AsyncResult;
import org.gnome.gio.File;
import org.gnome.gio.FileQueryInfoFlags;
import org.gnome.gio.Gio;
import org.gnome.gio.MemoryInputStream;
import org.javagi.base.GErrorException;

/** One operation after the other: awaited, and with a plain callback through the same binding. */
public final class GioBenchmark implements Benchmark {
  private static final int COUNT = 2_000;

  /** Made by the service loader. */
  public GioBenchmark() {}

  /** An operation in both forms. */
  private interface Operation {
    void await() throws GErrorException;

    void begin(AsyncReadyCallback callback);

    void finish(AsyncResult result) throws GErrorException;
  }

  @Override
  public String name() {
    return "gio";
  }

  @Override
  public String description() {
    return "an operation of GIO, awaited; floor: the same with a plain callback, by java-gi too";
  }

  @Override
  public List<Map<String, Object>> measure() {
    Gio.javagi$ensureInitialized();
    try (GLibEventLoop loop = new GLibEventLoop()) {
      return List.of(
          compare(loop, "skip", new Skip(new MemoryInputStream())),
          compare(loop, "query_info", new QueryInfo(File.newForPath("/"))));
    }
  }

  private static Map<String, Object> compare(GLibEventLoop loop, String name, Operation operation) {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("operation", name);
    figures.putAll(
        Rounds.compare(() -> awaited(loop, operation), () -> calledBack(loop, operation)));
    return figures;
  }

  private static double awaited(GLibEventLoop loop, Operation operation) {
    return Rounds.time(
        COUNT,
        () ->
            loop.runUntilComplete(() -> {
              for (int i = 0; i < COUNT; i++) {
                operation.await();
              }
            }));
  }

  private static double calledBack(GLibEventLoop loop, Operation operation) {
    return Rounds.time(
        COUNT,
        () -> {
          Future<String> end = loop.createFuture();
          loop.callSoon(() -> next(operation, COUNT, end));
          loop.runUntilComplete(end);
        });
  }

  private static void next(Operation operation, int left, Future<String> end) {
    operation.begin((source, result, data) -> {
      try {
        operation.finish(result);
      } catch (GErrorException e) {
        end.setException(e);
        return;
      }
      if (left > 1) {
        next(operation, left - 1, end);
      } else {
        end.setResult("");
      }
    });
  }

  /** The least that an operation can be: an idle callback of GIO, and nothing else. */
  private record Skip(MemoryInputStream stream) implements Operation {
    @Override
    public void await() throws GErrorException {
      InputStreamAwait.skip(stream, 0, 0);
    }

    @Override
    public void begin(AsyncReadyCallback callback) {
      stream.skipAsync(0, 0, null, callback);
    }

    @Override
    public void finish(AsyncResult result) throws GErrorException {
      stream.skipFinish(result);
    }
  }

  /** One in a thread of GIO's, as most are. */
  private record QueryInfo(File file) implements Operation {
    @Override
    public void await() throws GErrorException {
      FileAwait.queryInfo(file, "standard::size", FileQueryInfoFlags.NONE, 0);
    }

    @Override
    public void begin(AsyncReadyCallback callback) {
      file.queryInfoAsync("standard::size", FileQueryInfoFlags.NONE, 0, null, callback);
    }

    @Override
    public void finish(AsyncResult result) throws GErrorException {
      file.queryInfoFinish(result);
    }
  }
}
