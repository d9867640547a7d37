package org.atelier.worker.job;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.function.Consumer;

/**
 * Signals of the operating system. A shutdown hook is not enough: the virtual machine ignores a second SIGTERM once its
 * hooks run. The class behind it is only reached by reflection, because the compiler warns of every use of it.
 */
final class Signals {
    private Signals() {}

    /**
     * Calls back for every signal of a kind, on a thread of the virtual machine, instead of ending the process.
     *
     * @param name    without SIG, for example {@code TERM}
     * @param handler is given the name
     */
    static void handle(String name, Consumer<String> handler) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> signalHandler = Class.forName("sun.misc.SignalHandler");
            Object proxy = Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[]{signalHandler},
                    (self, method, arguments) -> call(self, method, arguments, () -> handler.accept(name)));
            signal.getMethod("handle", signal, signalHandler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException("SIG" + name + " cannot be handled on this platform", e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    "this Java runtime has no module jdk.unsupported, which is needed to leave in"
                            + " good order; use a runtime that has it", e);
        }
    }

    private static Object call(Object self, Method method, Object[] arguments, Runnable handler) {
        return switch (method.getName()) {
            case "hashCode" -> System.identityHashCode(self);
            case "equals" -> self == arguments[0];
            case "toString" -> "handler of signals";
            default -> {
                handler.run();
                yield null;
            }
        };
    }
}
