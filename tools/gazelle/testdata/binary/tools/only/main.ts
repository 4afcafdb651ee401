console.log("alone");
