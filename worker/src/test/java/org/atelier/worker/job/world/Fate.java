package org.atelier.worker.job.world;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;

import org.atelier.common.event.EventPublisher;
import org.atelier.common.event.PublishException;
import org.atelier.common.store.StoreException;
import org.atelier.worker.job.slot.ConsumerFailedException;
import org.atelier.worker.job.slot.ReadyConsumer;

/**
 * What happens to one process at one of its calls to the world outside. The calls are counted from 1 across store,
 * publisher and consumer; {@code close} is none.
 */
public final class Fate {
    /** What happens. */
    public enum Event {
        /** The process dies before the call has any effect. */
        DIES_BEFORE,
        /** The process dies when the call has had its effect and the answer is on its way. */
        DIES_AFTER,
        /** The call fails without an effect. */
        FAILS_BEFORE,
        /** The call has its effect, and its answer is lost. */
        FAILS_AFTER,
        /** Something else happens just before the call. */
        INTERVENES
    }

    /** The end of a process. No code of ours may do anything after it. */
    public static final class Death extends Error {
        private static final long serialVersionUID = 1L;
    }

    private final int at;
    private final Event event;
    private final Runnable intervention;
    private final List<String> calls = new ArrayList<>();
    private boolean dead;

    private Fate(int at, Event event, Runnable intervention) {
        this.at = at;
        this.event = event;
        this.intervention = intervention;
    }

    /** Nothing happens. */
    public static Fate none() {
        return new Fate(-1, Event.DIES_BEFORE, () -> {});
    }

    /** Something happens at a call. */
    public static Fate at(int call, Event event) {
        return new Fate(call, event, () -> {});
    }

    /** Something is done just before a call. */
    public static Fate intervene(int call, Runnable intervention) {
        return new Fate(call, Event.INTERVENES, intervention);
    }

    /** Whether the call was reached. */
    public boolean struck() {
        return calls.size() >= at;
    }

    /** Whether the process has died. */
    public boolean isDead() {
        return dead;
    }

    /** The call that it strikes, for messages. */
    @Override
    public String toString() {
        return event + " at call " + at + (struck() && at > 0 ? " (" + calls.get(at - 1) + ")" : "");
    }

    /** The same thing, subject to this fate. */
    public <T> T over(Class<T> type, T target) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[]{type},
                (self, method, arguments) -> {
                    if (method.getDeclaringClass() == Object.class || method.getName().equals("close")
                            || method.isDefault()) {
                        return method.isDefault()
                                ? InvocationHandler.invokeDefault(self, method, arguments)
                                : invoke(target, method, arguments);
                    }
                    return call(type, target, method, arguments);
                }));
    }

    private Object call(Class<?> type, Object target, Method method, Object[] arguments)
            throws Throwable {
        if (dead) {
            throw new Death();
        }
        calls.add(type.getSimpleName() + "." + method.getName()
                + (arguments != null && arguments[0] instanceof String key ? " " + key : ""));
        if (calls.size() != at) {
            return invoke(target, method, arguments);
        }
        switch (event) {
            case DIES_BEFORE -> {
                dead = true;
                throw new Death();
            }
            case DIES_AFTER -> {
                invoke(target, method, arguments);
                dead = true;
                throw new Death();
            }
            case FAILS_BEFORE -> throw failure(type);
            case FAILS_AFTER -> {
                invoke(target, method, arguments);
                throw failure(type);
            }
            case INTERVENES -> {
                intervention.run();
                return invoke(target, method, arguments);
            }
        }
        throw new AssertionError(event);
    }

    private static RuntimeException failure(Class<?> type) {
        var cause = new IllegalStateException("as the test wants it");
        if (type == EventPublisher.class) {
            return new PublishException("any topic", cause);
        }
        return type == ReadyConsumer.class
                ? new ConsumerFailedException("as the test wants it", cause)
                : new StoreException("The store fails, as the test wants it.", cause);
    }

    private static Object invoke(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
