package dev.lariat.net;

import dev.lariat.EventLoop;
import java.util.Arrays;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.support.ParameterDeclarations;

/**
 * A kind of loop that all of networking must work on: those of {@link BasicLoop}; or where a
 * toolkit's module runs these tests, those that it names as services.
 */
public interface LoopKind {
  /** What it is called in reports; tests of a JVM of their own find it by that. */
  String name();

  EventLoop newLoop();

  /** Whether such a loop can be run in any thread. */
  default boolean anyThread() {
    return true;
  }

  /** Looks at a loop that has been used, and is about to be closed. */
  default void check(EventLoop used) {}

  static List<LoopKind> all() {
    List<LoopKind> services =
        ServiceLoader.load(LoopKind.class).stream().map(ServiceLoader.Provider::get).toList();
    return services.isEmpty() ? Arrays.asList(BasicLoop.values()) : services;
  }

  static LoopKind named(String name) {
    return all().stream().filter(kind -> kind.name().equals(name)).findFirst().orElseThrow();
  }

  /** All of them, one after the other. */
  final class Provider implements ArgumentsProvider {
    @Override
    public Stream<Arguments> provideArguments(
        ParameterDeclarations parameters, ExtensionContext context) {
      return all().stream().map(Arguments::of);
    }
  }
}
