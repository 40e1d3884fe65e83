package dev.lariat.testkit.conform;

import dev.lariat.CancelledError;
import dev.lariat.Coroutine;
import dev.lariat.EventLoop;
import dev.lariat.Task;
import dev.lariat.TaskOptions;
import dev.lariat.context.ContextVar;
import dev.lariat.host.DeadlockException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Runs one program on a loop, a tick a second, and writes its trace down. What the single ops do is
 * in {@link Ops}.
 */
final class Machine {
  private final Map<?, ?> coroutines;
  private final EventLoop loop;
  private final Ops ops;
  private List<List<@Nullable Object>> trace = new ArrayList<>();
  private final Map<String, ContextVar<@Nullable Object>> contextVars = new HashMap<>();
  final Map<String, Object> vars = new HashMap<>();

  /** The value of a {@code return}, on its way out of nested blocks. */
  record Returned(@Nullable Object value) {}

  private Machine(Map<String, Object> program, EventLoop loop) {
    this.loop = loop;
    ops = new Ops(this, loop);
    coroutines = (Map<?, ?>) Objects.requireNonNull(program.get("coroutines"));
  }

  static Map<String, Object> execute(Map<String, Object> program, EventLoop loop) {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("name", program.getOrDefault("name", ""));
    result.put("trace", new Machine(program, loop).run());
    return result;
  }

  private List<List<@Nullable Object>> run() {
    loop.setExceptionHandler((_, context) -> {
      Throwable error = context.exception();
      if (error != null && context.message().toLowerCase(Locale.ROOT).contains("callback")) {
        record("-", "handler", Python.describe(error));
      }
    });
    Coroutine<@Nullable Object> body = () -> coroutine("main");
    Task<@Nullable Object> main = loop.createTask(TaskOptions.named("main"), body);
    main.addDoneCallback(_ -> loop.stop());
    try {
      loop.runForever();
      if (main.cancelled()) {
        record("-", "main", "!", "Cancelled");
      } else if (main.exception() != null) {
        record("-", "main", "!", Python.describe(main.exception()));
      } else {
        record("-", "main", "=", main.result());
      }
    } catch (DeadlockException deadlock) {
      record("-", "deadlock");
    }
    List<List<@Nullable Object>> finished = trace;
    trace = new ArrayList<>(); // what the clean-up writes is no part of the trace
    loop.setExceptionHandler((_, _) -> {});
    return finished;
  }

  // -- the trace ---------------------------------------------------------------------------------

  void log(@Nullable Object... event) {
    Task<?> task = dev.lariat.Asyncio.currentTask(loop);
    record(task == null ? "-" : task.getName(), event);
  }

  private void record(String task, @Nullable Object... event) {
    List<@Nullable Object> line = new ArrayList<>();
    line.add(loop.time().toSeconds());
    line.add(task);
    line.addAll(Arrays.asList(event));
    trace.add(line);
  }

  /** Awaits, writes the outcome down, and lets an error go on. */
  void awaiting(String label, Callable<? extends @Nullable Object> awaitable) {
    Object value;
    try {
      value = awaitable.call();
    } catch (CancelledError | RuntimeException error) {
      log(label, "!", Python.describe(error));
      throw error;
    } catch (Exception checked) {
      throw new AssertionError("programs raise no checked exceptions", checked);
    }
    log(label, "=", value);
  }

  // -- blocks ------------------------------------------------------------------------------------

  /** Runs the named coroutine; its value is that of the first {@code return}, else null. */
  @Nullable Object coroutine(Object name) {
    Object body = coroutines.get(name);
    if (body == null) {
      throw new Python.Raised("KeyError", String.valueOf(name));
    }
    Returned returned = block((List<?>) body);
    return returned == null ? null : returned.value();
  }

  @Nullable Returned block(List<?> block) {
    for (Object op : block) {
      Returned returned = ops.run(new Op((List<?>) op));
      if (returned != null) {
        return returned;
      }
    }
    return null;
  }

  @Nullable Returned tryBlock(List<?> body, List<?> handlers, @Nullable List<?> last) {
    try {
      return block(body);
    } catch (CancelledError | RuntimeException error) {
      for (Object handler : handlers) {
        List<?> kindAndOps = (List<?>) handler;
        if (Python.caughtBy((String) kindAndOps.get(0), error)) {
          log("caught", Python.describe(error));
          return block((List<?>) kindAndOps.get(1));
        }
      }
      throw error;
    } finally {
      if (last != null) {
        block(last);
      }
    }
  }

  // -- variables ---------------------------------------------------------------------------------

  Object var(String name) {
    Object value = vars.get(name);
    if (value == null) {
      throw new Python.Raised("KeyError", name);
    }
    return value;
  }

  ContextVar<@Nullable Object> contextVar(String name) {
    return contextVars.computeIfAbsent(name, key -> ContextVar.withDefault(key, null));
  }
}
