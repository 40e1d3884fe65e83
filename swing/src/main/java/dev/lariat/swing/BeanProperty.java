package dev.lariat.swing;

import java.beans.IntrospectionException;
import java.beans.Introspector;
import java.beans.PropertyDescriptor;
import java.lang.invoke.MethodType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A property of a component, by name, through its getter and setter. */
final class BeanProperty {
  private final Object bean;
  private final Method getter;
  private final Method setter;

  BeanProperty(Object bean, String name, Class<?> type) {
    this.bean = bean;
    PropertyDescriptor property = find(bean, name);
    Class<?> own = MethodType.methodType(property.getPropertyType()).wrap().returnType();
    if (!own.isAssignableFrom(type)) {
      throw new IllegalArgumentException(
          "The property \"%s\" of %s is of type %s, and the value of the state is a %s."
              .formatted(name, bean.getClass().getName(), own.getName(), type.getName()));
    }
    getter = property.getReadMethod();
    setter = property.getWriteMethod();
  }

  private static PropertyDescriptor find(Object bean, String name) {
    PropertyDescriptor[] all;
    try {
      all = Introspector.getBeanInfo(bean.getClass()).getPropertyDescriptors();
    } catch (IntrospectionException e) {
      throw new IllegalArgumentException(e);
    }
    return usable(all)
        .filter(property -> property.getName().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "%s has no property \"%s\" that can be read and written. It has: %s"
                    .formatted(
                        bean.getClass().getName(),
                        name,
                        usable(all)
                            .map(PropertyDescriptor::getName)
                            .collect(Collectors.joining(", ")))));
  }

  private static Stream<PropertyDescriptor> usable(PropertyDescriptor[] properties) {
    return Stream.of(properties)
        .filter(property -> property.getReadMethod() != null && property.getWriteMethod() != null);
  }

  @Nullable Object get() {
    return call(getter);
  }

  void set(Object value) {
    call(setter, value);
  }

  private @Nullable Object call(Method method, Object... arguments) {
    try {
      return method.invoke(bean, arguments);
    } catch (InvocationTargetException failure) {
      if (failure.getCause() instanceof RuntimeException error) {
        throw error;
      }
      throw new IllegalStateException(failure.getCause());
    } catch (IllegalAccessException e) {
      throw new IllegalArgumentException(
          "The package of " + bean.getClass().getName() + " must be exported to dev.lariat.swing",
          e);
    }
  }
}
