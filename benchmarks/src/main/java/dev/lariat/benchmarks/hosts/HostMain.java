package dev.lariat.benchmarks.hosts;

import dev.lariat.EventLoop;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/** One benchmark on one toolkit: {@code HostMain hosts|frames TOOLKIT}. Prints a figure a line. */
final class HostMain {
  static final Map<String, Supplier<Toolkit>> TOOLKITS = new LinkedHashMap<>();

  static {
    TOOLKITS.put("swing", SwingToolkit::new);
    TOOLKITS.put("javafx", JavaFxToolkit::new);
    TOOLKITS.put("swt", SwtToolkit::new);
    TOOLKITS.put("gtk", GtkToolkit::new);
    TOOLKITS.put("qt", QtToolkit::new);
  }

  private HostMain() {}

  public static void main(String[] args) {
    Toolkit toolkit = Objects.requireNonNull(TOOLKITS.get(args[1])).get();
    toolkit.run(() -> {
      try (EventLoop loop = new EventLoop(toolkit.newHost())) {
        BiConsumer<String, Object> figures = (name, value) -> IO.println(name + " " + value);
        if (args[0].equals("hosts")) {
          new HostFigures(toolkit, loop, figures).measure();
        } else {
          new FrameFigures(toolkit, loop, figures).measure();
        }
      }
    });
    System.exit(0);
  }
}
