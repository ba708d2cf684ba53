// onnxruntime-node 1.30 reads the command line, counts what it is used for in a database below ~/.cache/Microsoft, and has what it takes to send that
// to its maker, unless it is told not to; and it crashes where the command line is longer than some 30,000 characters. Here it is told, for this process
// and the threads that it starts from now on, before one of them loads it. A thread cannot tell it: what a thread sets of its variables stays its own.

const variable = "ORT_DISABLE_TELEMETRY";

process.env[variable] ??= "1";
