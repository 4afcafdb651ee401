import "nowhere-to-be-found";
